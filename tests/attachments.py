"""Attachments for tests to read, made here: PDF with and without text, pictures, invoices as XML; good and bad."""

import zlib
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import AccessPermission
from PIL import Image, ImageDraw, ImageFont

CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>VX-204</ram:ID><ram:TypeCode>{type}</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">20240229</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>
<ram:SellerTradeParty><ram:Name>Vélos &amp; Fils</ram:Name></ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:Name>Mairie
 de Sète</ram:Name></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount>
<ram:IBANID>FR76 3000 6000 0112 3456 7890 189</ram:IBANID>
</ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20240330</udt:DateTimeString>
</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>100</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="USD">21.70</ram:TaxTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">20.0</ram:TaxTotalAmount>
<ram:GrandTotalAmount>{total}</ram:GrandTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">
<cbc:ID>U-7</cbc:ID><cbc:IssueDate>2024-05-01</cbc:IssueDate>{due}
<cbc:DocumentCurrencyCode>SEK</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Trading</cbc:Name></cac:PartyName>
<cac:PartyLegalEntity><cbc:RegistrationName>Registered AB</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>
</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cac:PartyName><cbc:Name>Kund AB</cbc:Name></cac:PartyName></cac:Party>
</cac:AccountingCustomerParty>
<cac:PaymentMeans>{means}<cac:PayeeFinancialAccount><cbc:ID>5050-1055</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">250.00</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="SEK">1000.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="SEK">1250.00</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal>
</{kind}>"""


def cii(kind="380", total="120.00"):
    """An invoice, or of another type of UNTDID 1001."""
    return CII.format(type=kind, total=total).encode()


def ubl(kind="Invoice"):
    """An invoice, or a CreditNote, which says elsewhere when it is due."""
    due, means = "<cbc:DueDate>2024-05-31</cbc:DueDate>", ""
    if kind == "CreditNote":
        due, means = "", "<cbc:PaymentDueDate>2024-05-31</cbc:PaymentDueDate>"
    return UBL.format(kind=kind, due=due, means=means).encode()


def pdf(*words, pages=1, attached=None, password="", turned=0):
    """Each of `words` is (millimetres from the left, from the top, text), as seen; on every page.

    On a `turned` page they are drawn the other way round, so that they are upright once it is shown.
    """
    made = FPDF()
    if password:
        made.set_encryption(owner_password="owner", user_password=password, permissions=AccessPermission.none())
    made.core_fonts_encoding = "cp1252"
    for _ in range(pages):
        made.add_page()
        made.set_font("Helvetica", size=10)
        for left, top, text in words:
            place = {0: (left, top), 90: (top, 297 - left), 180: (210 - left, 297 - top), 270: (210 - top, left)}[
                turned
            ]
            with made.rotation(turned, *place):
                made.text(*place, text)
    for name, data in (attached or {}).items():
        made.embed_file(bytes=data, basename=name)
    data = bytes(made.output())
    return data.replace(b"/Type /Page\n", b"/Type /Page\n/Rotate %d\n" % turned) if turned else data


def picture(*lines, kind="PNG", size=(900, 300)):
    """Black words on white, one line below another."""
    made = Image.new("RGB", size, "white")
    font = ImageFont.load_default(size=32)
    for number, line in enumerate(lines):
        ImageDraw.Draw(made).text((40, 30 + 60 * number), line, fill="black", font=font)
    return saved(made, kind)


def saved(image, kind="PNG"):
    """The file of a picture."""
    buffer = BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def scanned(*lines):
    """A PDF whose one page is a picture."""
    made = FPDF()
    made.add_page()
    made.image(BytesIO(picture(*lines)), x=10, y=10, w=150)
    return bytes(made.output())


def swollen(stream):
    """A PDF whose page is `stream`, packed: small as a file, large once opened."""
    packed = zlib.compress(stream, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return body + b"trailer<</Size 5/Root 1 0 R>>\n%%EOF"
