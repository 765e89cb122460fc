"""Words of addresses: kinds of streets, common street names, towns, states, countries.

Invariant: lists only; who draws from them is postal.py.
"""

# fmt: off
LOCALES = (
    "de_DE", "de_AT", "de_CH", "it_IT", "es_ES", "nl_NL", "nl_BE", "pl_PL", "sv_SE", "da_DK", "no_NO", "fi_FI",
    "hu_HU", "cs_CZ", "pt_PT", "pt_BR", "hr_HR", "sl_SI", "sk_SK", "ro_RO", "es_MX", "en_IN", "en_NZ", "fr_CH",
    "fr_CA", "en_CA", "en_AU", "en_IE", "el_GR", "ru_RU", "tr_TR", "id_ID", "en_PH", "fr_DZ", "bg_BG", "uk_UA",
)
FRENCH_WAYS = (
    "rue", "rue", "rue", "rue", "avenue", "avenue", "boulevard", "place", "chemin", "allée", "impasse", "route",
    "quai", "cours", "square", "passage", "av.", "bd", "bld", "av", "ch.", "all.", "imp.", "pl.", "rte", "résidence",
    "lotissement", "hameau", "voie", "sentier", "faubourg", "esplanade", "r.", "ruelle", "villa", "cité",
    "rond-point", "zone industrielle", "ZA", "ZI", "ZAC",
)
FRENCH_NAMES = (
    "de la République", "des Lilas", "Victor Hugo", "de la Paix", "Jean Jaurès", "du Général de Gaulle", "Pasteur",
    "de la Gare", "des Écoles", "de l'Église", "du Moulin", "des Acacias", "du 8 Mai 1945", "du 11 Novembre",
    "Gambetta", "des Tilleuls", "de Verdun", "Saint-Martin", "de Paris", "des Peupliers", "Molière", "Voltaire",
    "de la Fontaine", "du Château", "Émile Zola", "des Rosiers", "du Stade", "de la Liberté", "des Vignes",
    "Jules Ferry", "de Bretagne", "du Port", "de l'Europe", "des Champs", "Sainte-Anne", "du Marché", "Carnot",
    "Aristide Briand", "de Strasbourg", "des Cerisiers", "du Lavoir", "aux Fleurs", "Notre-Dame", "du Puits",
    "Condorcet", "de Lattre de Tassigny", "du Docteur Roux", "Pierre Curie", "de la Mairie", "de Lyon", "Lafayette",
    "des Pins", "du Bois", "Grande", "Haute", "Neuve", "Mirabeau", "Léon Blum", "Rabelais", "de l'Abbaye",
    "de la Croix",
)
FRENCH_TOWNS = (
    "Paris", "Lyon", "Marseille", "Toulouse", "Nantes", "Bordeaux", "Lille", "Rennes", "Strasbourg", "Nice",
    "Montreuil", "Grenoble", "Dijon", "Angers", "Villeurbanne", "Le Mans", "Aix-en-Provence", "Brest", "Tours",
    "Limoges", "Amiens", "Annecy", "Perpignan", "Boulogne-Billancourt", "Metz", "Besançon", "Orléans", "Rouen",
    "Mulhouse", "Caen", "Nancy", "Saint-Denis", "Argenteuil", "Roubaix", "Tourcoing", "Avignon", "Créteil",
    "Poitiers", "Versailles", "Courbevoie", "Vitry-sur-Seine", "Colombes", "Pau", "Asnières-sur-Seine",
    "Rueil-Malmaison", "La Rochelle", "Antibes", "Calais", "Saint-Étienne", "Le Havre", "Reims", "Toulon",
    "Clermont-Ferrand", "Saint-Malo", "Quimper", "Vannes", "Bayonne", "Issy-les-Moulineaux", "Levallois-Perret",
    "Cergy", "Bruxelles", "Genève", "Lausanne", "Liège", "Namur", "Valence",
)
ENGLISH_WAYS = (
    "Street", "Street", "Street", "Road", "Road", "Avenue", "Lane", "Drive", "Close", "Court", "Way", "Place",
    "Crescent", "Terrace", "Gardens", "Grove", "Boulevard", "Circle", "Hill", "Square", "Park", "Row", "Mews", "Walk",
    "Parkway", "St", "St", "St.", "Rd", "Rd.", "Ave", "Ave.", "Ln", "Dr", "Dr.", "Blvd", "Ct", "Pl", "Pkwy", "Hwy",
    "Highway", "Trail",
)
ENGLISH_NAMES = (
    "High", "Station", "Church", "London", "Victoria", "Green", "Park", "Mill", "Main", "Oak", "Maple", "Elm", "Pine",
    "Cedar", "Washington", "Lake", "Hill", "Walnut", "Spring", "North", "Ridge", "Sunset", "Lincoln", "Jackson",
    "River", "Willow", "Jefferson", "Center", "Broad", "King", "Queen", "Kings", "Queens", "Manor", "Albert",
    "George", "Windsor", "York", "Chester", "Springfield", "School", "The", "New", "Market", "Bridge", "West", "East",
    "South", "1st", "2nd", "3rd", "4th", "5th", "8th", "12th", "40th", "Fifth", "Second", "MLK", "County", "Meadow",
    "Orchard",
)
ENGLISH_TOWNS = (
    "London", "Manchester", "Leeds", "Bristol", "Cambridge", "Oxford", "York", "Boston", "Chicago", "Austin",
    "Dallas", "Portland", "Seattle", "Denver", "Brooklyn", "New York", "Springfield", "Charlotte", "Phoenix",
    "San Diego", "Los Angeles", "Nashville", "Liverpool", "Sheffield", "Glasgow", "Edinburgh", "Cardiff", "Belfast",
    "Norwich", "Fall River", "Dublin", "Toronto", "Calgary", "Ottawa", "Sydney", "Melbourne", "Auckland",
    "San Francisco", "Miami",
)
STATES = (
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME",
    "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
    "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "AB", "BC", "ON", "QC", "NSW", "VIC",
    "QLD",
)
COUNTRIES = (
    "France", "Belgique", "Suisse", "Germany", "Allemagne", "Italy", "Spain", "Espagne", "USA", "United States",
    "Canada", "United Kingdom", "UK", "Ireland", "Netherlands", "Sweden", "Norway", "Poland", "Portugal", "Australia",
    "India", "Luxembourg", "Maroc", "Tunisie", "Sénégal", "Mexico", "Brazil", "Japan", "New Zealand", "Austria",
    "Denmark",
)
# fmt: on
