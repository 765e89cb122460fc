"""Invoices as different people lay them out, drawn here: (left, top, text) in millimetres, and what they say."""

UK = (
    [
        (10, 10, "Northwind Cycles Ltd"), (10, 18, "12 High Street"), (10, 23, "Bristol BS1 4DJ"),
        (10, 28, "VAT No: GB123456789"), (150, 10, "INVOICE"), (130, 25, "Invoice No:"), (170, 25, "INV-2024-0117"),
        (130, 30, "Invoice Date:"), (170, 30, "17 March 2024"), (130, 35, "Due Date:"), (170, 35, "16 April 2024"),
        (10, 50, "Bill To:"), (10, 55, "Harbour Cafe Limited"), (10, 60, "4 Quay Road"), (10, 65, "Plymouth PL1 2AB"),
        (10, 90, "Description"), (130, 90, "Unit Price"), (170, 90, "Amount"),
        (10, 97, "Brake pads"), (130, 97, "£12.50"), (170, 97, "£50.00"),
        (10, 104, "Labour"), (130, 104, "£45.00"), (170, 104, "£90.00"),
        (130, 120, "Subtotal"), (170, 120, "£140.00"), (130, 125, "VAT (20%)"), (170, 125, "£28.00"),
        (130, 130, "Total"), (170, 130, "£168.00"), (10, 150, "Please pay to IBAN GB82 WEST 1234 5698 7654 32"),
    ],
    {
        "number": "INV-2024-0117", "issue_date": "2024-03-17", "due_date": "2024-04-16", "currency": "GBP",
        "seller": "Northwind Cycles Ltd", "buyer": "Harbour Cafe Limited", "net": "140.00", "vat": "28.00",
        "total": "168.00", "iban": "GB82WEST12345698765432",
    },
)  # fmt: skip
# Month before day, as the second date shows; the amount due is less than the total.
US = (
    [
        (10, 10, "Invoice"), (10, 20, "Blue Ridge Hosting, Inc."), (10, 25, "500 Market St"),
        (10, 30, "San Francisco, CA 94105"), (110, 20, "Invoice #"), (140, 20, "1029384"), (110, 25, "Date of issue"),
        (140, 25, "03/04/2024"), (110, 30, "Date due"), (140, 30, "03/18/2024"),
        (10, 45, "Bill to"), (10, 50, "Acme Corp"), (10, 55, "77 Sunset Blvd"), (10, 60, "Los Angeles, CA 90028"),
        (10, 90, "Pro plan"), (170, 90, "$1,250.00"), (120, 110, "Subtotal"), (170, 110, "$1,250.00"),
        (120, 115, "Sales tax (5%)"), (170, 115, "$62.50"), (120, 120, "Total"), (170, 120, "$1,312.50"),
        (120, 125, "Deposit"), (170, 125, "$312.50"), (120, 130, "Amount due"), (170, 130, "$1,000.00"),
    ],
    {
        "number": "1029384", "issue_date": "2024-03-04", "due_date": "2024-03-18", "currency": "USD",
        "seller": "Blue Ridge Hosting, Inc.", "buyer": "Acme Corp", "net": "1250.00", "vat": "62.50",
        "total": "1312.50",
    },
)  # fmt: skip
# Everything in a title; no VAT, as the law lets a small seller.
FREELANCE = (
    [
        (10, 10, "Camille Roux"), (10, 15, "8 allée des Tilleuls"), (10, 20, "44000 Nantes"),
        (10, 25, "SIRET : 812 345 678 00019"), (120, 30, "Studio Lumen SAS"), (120, 35, "15 rue Mercière"),
        (120, 40, "69002 Lyon"), (10, 60, "Facture n° 2024-031 du 2 avril 2024"), (10, 80, "Création d'un logo"),
        (170, 80, "850,00 €"), (130, 100, "Total à payer"), (170, 100, "850,00 €"),
        (10, 110, "TVA non applicable, art. 293 B du CGI"), (10, 118, "À régler avant le 02/05/2024 par virement"),
    ],
    {
        "number": "2024-031", "issue_date": "2024-04-02", "due_date": "2024-05-02", "currency": "EUR",
        "seller": "Camille Roux", "buyer": "Studio Lumen SAS", "net": "850.00", "vat": "0.00", "total": "850.00",
    },
)  # fmt: skip
# Labels over their values; who the goods go to is not who pays; a penalty that is no total.
FRENCH = (
    [
        (10, 10, "ALPES MATÉRIEL"), (10, 18, "ZA des Glières - 74000 Annecy"),
        (10, 28, "SAS au capital de 50 000 € - RCS Annecy 512 345 678"), (115, 40, "Facturé à"),
        (115, 45, "Mairie de Thônes"), (115, 50, "Place de l'Hôtel de Ville"), (115, 55, "74230 Thônes"),
        (10, 40, "Livré à"), (10, 45, "Services techniques"), (10, 50, "Rue du Pré"), (10, 55, "74230 Thônes"),
        (10, 70, "Facture N°"), (60, 70, "Date"), (100, 70, "Échéance"), (150, 70, "N° client"),
        (10, 76, "FC 24-00876"), (60, 76, "31/01/2024"), (100, 76, "01/03/2024"), (150, 76, "C00451"),
        (10, 97, "Pelle à neige"), (130, 97, "24,90"), (160, 97, "629,00"),
        (10, 130, "Total HT"), (60, 130, "TVA 20 %"), (110, 130, "Total TTC"), (150, 130, "Net à payer"),
        (10, 136, "629,00 €"), (60, 136, "125,80 €"), (110, 136, "754,80 €"), (150, 136, "754,80 €"),
        (10, 150, "En cas de retard de paiement, indemnité forfaitaire de 40,00 €."),
    ],
    {
        "number": "FC 24-00876", "issue_date": "2024-01-31", "due_date": "2024-03-01", "currency": "EUR",
        "seller": "ALPES MATÉRIEL", "buyer": "Mairie de Thônes", "net": "629.00", "vat": "125.80", "total": "754.80",
    },
)  # fmt: skip
# A letter with the sender's line over the window, and one line of VAT a rate.
GERMAN = (
    [
        (20, 20, "Druckhaus Elbe GmbH & Co. KG | Werftstr. 2 | 01139 Dresden"), (20, 27, "Firma"),
        (20, 32, "Stadtwerke Pirna GmbH"), (20, 37, "Seminarstraße 18"), (20, 42, "01796 Pirna"), (20, 65, "RECHNUNG"),
        (20, 80, "Rechnungs-Nr."), (60, 80, "Kunden-Nr."), (100, 80, "Rechnungsdatum"), (145, 80, "Lieferdatum"),
        (20, 85, "24100351"), (60, 85, "K-2210"), (100, 85, "30.09.2024"), (145, 85, "25.09.2024"),
        (20, 106, "Flyer A5"), (165, 106, "200,00"), (20, 112, "Bücher"), (165, 112, "150,00"),
        (120, 125, "Nettobetrag"), (165, 125, "350,00"), (120, 130, "Umsatzsteuer 7 %"), (165, 130, "10,50"),
        (120, 135, "Umsatzsteuer 19 %"), (165, 135, "38,00"), (120, 140, "Bruttobetrag EUR"), (165, 140, "398,50"),
        (20, 155, "Zahlungsziel: 14.10.2024, rein netto."), (20, 200, "IBAN DE89 3704 0044 0532 0130 00"),
    ],
    {
        "number": "24100351", "issue_date": "2024-09-30", "due_date": "2024-10-14", "currency": "EUR",
        "seller": "Druckhaus Elbe GmbH & Co. KG", "buyer": "Stadtwerke Pirna GmbH", "net": "350.00", "vat": "48.50",
        "total": "398.50", "iban": "DE89370400440532013000",
    },
)  # fmt: skip
SWISS = (
    [
        (20, 15, "Velowerk Bern AG"), (20, 20, "Länggassstrasse 8, 3012 Bern"), (120, 40, "Herr Beat Keller"),
        (120, 45, "Dorfweg 4"), (120, 50, "3098 Köniz"), (20, 70, "Rechnung 2024-1188"), (20, 78, "Bern, 3. Juni 2024"),
        (20, 85, "Zahlbar bis 3. Juli 2024"), (20, 100, "E-Bike Service"), (160, 100, "CHF 1'140.00"),
        (100, 115, "Total exkl. MWST"), (160, 115, "CHF 1'140.00"), (100, 120, "MWST 8.1%"), (160, 120, "CHF 92.34"),
        (100, 125, "Total inkl. MWST"), (160, 125, "CHF 1'232.34"), (20, 140, "IBAN CH93 0076 2011 6238 5295 7"),
    ],
    {
        "number": "2024-1188", "issue_date": "2024-06-03", "due_date": "2024-07-03", "currency": "CHF",
        "seller": "Velowerk Bern AG", "buyer": "Herr Beat Keller", "net": "1140.00", "vat": "92.34",
        "total": "1232.34", "iban": "CH9300762011623852957",
    },
)  # fmt: skip
CREDIT_NOTE = (
    [
        (10, 10, "Librairie des Quais SARL"), (10, 16, "3 quai Saint-Antoine, 69002 Lyon"), (120, 16, "AVOIR"),
        (120, 24, "N° AV2024-12"), (120, 29, "Date : 09/02/2024"), (120, 34, "Facture d'origine : F2024-88"),
        (120, 45, "Client : Lycée Ampère"), (120, 50, "31 rue de la Bourse"), (120, 55, "69002 Lyon"),
        (120, 120, "Montant total HT"), (180, 120, "-150,00"), (120, 126, "Montant total TVA"), (180, 126, "-15,50"),
        (120, 132, "Montant total TTC en EUR"), (180, 132, "-165,50"),
    ],
    {
        "number": "AV2024-12", "issue_date": "2024-02-09", "currency": "EUR", "seller": "Librairie des Quais SARL",
        "buyer": "Lycée Ampère", "net": "-150.00", "vat": "-15.50", "total": "-165.50",
    },
)  # fmt: skip
ALL = {
    "uk": UK, "us": US, "freelance": FREELANCE, "french": FRENCH, "german": GERMAN, "swiss": SWISS,
    "credit note": CREDIT_NOTE,
}  # fmt: skip
