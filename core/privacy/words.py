"""Words, in many languages, that tell what stands next to them."""

import re

# Up to a bar that stands in no brackets, which are at most two deep.
_ALTERNATIVE = re.compile(r"(?:[^|()]|\((?:[^()]|\([^()]*\))*\))+")


def names(listed: str) -> frozenset[str]:
    """Read words that are separated by blanks."""
    return frozenset(listed.split())


def _pattern(words: str) -> str:
    """An alternative of words; a space in it stands for any blank, and scripts without blanks need no word edge."""
    listed = _ALTERNATIVE.findall(re.sub(r"\s*\n\s*", "|", words.strip()))
    spaced = [re.sub(r"[ _]", r"[ _-]?", word) for word in listed if word[0] < "\u0e00"]
    joined = [word for word in listed if word[0] >= "\u0e00"]
    alternatives = [rf"(?<![^\W_])(?:{'|'.join(spaced)})(?![^\W\d_])"] if spaced else []
    return f"(?:{'|'.join([*alternatives, *joined])})"


NOT_PERSONAL = _pattern(
    r"""orders?|bestell\w*|auftrag\w*|commandes?|pedidos?|ordin[ei]|zamówieni\w*|encomenda|beställning\w*
    bestilling\w*|tilau\w*|objednávk\w*|rendelés\w*|sipariş|заказ\w*|invoices?|rechnung\w*|factures?|facturas?
    fattur\w*|faktur\w*|tracking|sendung\w*|shipments?|parcel|packet|paket\w*|colis|envío|spedizione|zending|sku
    articles?|artikel\w*|art|items?|models?|modell?o?|modèle|parts?|refs?|references?|referenz|référence|isbn
    ean|gtin|upc|asin|imei|serial|serien\w*|versions?|release|build|firmware|cases?|tickets?|batch|lot|size
    prices?|preis|prix|precio|total|amount|qty|quantit\w*|menge|products?|produk\w*|produit|producto|prodotto
    postcode|zip|plz|fig|page|chapter|section|coupon|voucher|gift|promo|discount|gutschein\w*
    customer (?:no|number|id)|kunden\w*|booking|buchung\w*|reservation|flight|barcode|years?|jahre?|rma|retoure
    fedex|ups tracking|usps|dhl|dpd|gls|hermes|tnt|awb|waybill|abn|acn|vat(?: id)?|ust id ?nr|meter reading
    warranty|contract|vertrag\w*|policy|resolution|订单|訂單|注文|주문|单号|型号|หมายเลขคำสั่งซื้อ"""
)
PHONE = _pattern(
    r"""phones?|telephone|mobile|contact(?: me| us)?(?= ?[:=]| (?:at|on|via))|dial|ph(?= ?[.:])|reachable
    reach (?:me|us)
    erreichbar|erreich\w* (?:mich|uns)|mich unter|joignable|rappele[zr](?:-moi)?|contáct\w*|contatt\w*|mijn 06
    bereikbaar|nås på|träffas på|cell|cellphone|tel|tlf|call|call (?:me|us)|ring me|text me|reach (?:me|us)
    whats app|sms|fax|contact number|my number|numero|número|mein\w* nummer|mijn nummer|mitt nummer
    mit nummer|landline|telefon\w*|handy\w*|mobil\w*|festnetz\w*|rufnummer
    ruf\w* (?:(?:sie|mich|uns) ){0,2}an|anrufen|téléphone|tél|portable|numéro|appele[zr](?:-moi)?|teléfono|móvil
    celular|fijo|llám[ae]\w*|llamar\w*|telefono|cellulare|chiama\w*|telefoon\w*|mobiel\w*|gsm|bel (?:me|mij)
    telefone|telemóvel|ligue|liga|zadzwoń|komórka|komórkowy|numer|puhelin\w*|puh|matkapuhelin\w*|soita|ring
    telefonszám\w*|telefón\w*|zavolejte|sună|телефон\w*|тел|моб|мобильн\w*|номер\w*|позвоните|τηλέφωνο|κινητό
    điện thoại|sđt|telepon|hp|cep|هاتف|جوال|موبايل|טלפון|נייד|फ़ोन|फोन|मोबाइल|โทร|เบอร์|電話番号|電話|携帯|电话|手机
    號碼|联系方式
    전화번호|전화|휴대폰|연락처"""
)
BIRTH = _pattern(
    r"""birth ?days?|birth ?date|date of birth|born(?: on)?|dob|d\.o\.b|b day|geburtsdatum|geburtstag
    geboren(?: am)?|geb|geb datum|geb\. dat\w*|geb\.- ?dat\w*|né le|née le|date de naissance|anniversaire
    fecha(?: de)? nacimiento|nací(?: el)?
    nacid[oa](?: el)?|cumpleaños|data di nascita|nat[oa] il|nat[oa] a \w+ il|compleanno|geboortedatum|geboren op
    verjaardag
    data urodzenia|urodzon[ya]|urodził(?:em|am)(?: się)?|ur\.|urodziny|data de nascimento|nascid[oa](?: em)?
    nasci(?: em)?|aniversário|född
    födelsedatum|födelsedag|fødselsdato|født|fødselsdag|syntymäaika|syntynyt|syntymäpäivä|datum narození
    narozen[ýáa]?|születési (?:dátum\w*|idő\w*)|született|születtem|data nașterii|născut[ăa]?(?: pe| la| în)?
    doğum tarihi\w*|doğum günü\w*
    дата рождения|родил(?:ся|ась)|день рождения|дата народження|ημερομηνία γέννησης|ngày sinh|tanggal lahir
    lahir|datum rođenja|rođen[a]?|dátum narodenia|تاريخ الميلاد|תאריך לידה|जन्म तिथि|जन्मतिथि|วันเกิด|生年月日|誕生日
    出生于|出生於|出生日期|生日|생년월일|생일"""
)
NATIONAL_ID = _pattern(
    r"""ssn|social security|social insurance|itin|nino|national insurance|ni number|national id\w*|id number|id card
    identity (?:card|number)|personal (?:id|number|code)|personal identification(?: number| code)?
    national identity(?: number)?|citizen(?:ship)? (?:id|number)
    my social|identification (?:number|no)|identity (?:number|no)|id no|tax id(?:entification)?|tax file number
    unique tax ?payer reference|utr|nin|cnic|hkid|mykad|my ?kad|ird(?: number)?|teudat zehut|emirates id|nss|imss|npwp
    kennitala|amka|afm|rč|rodné č|rvnr|rentenversicherungs\w*|рнокпп|іпн|rg|tax number|tax payer id|tin|nhs
    medicare|sin|tfn
    ppsn?|steuer id|steuerid\w*|steueridentifikationsnummer|steuernummer|steuer nr|idnr|identifikationsnummer
    sozialversicherung\w*|sv nummer|svnr|personalausweis\w*|ausweis\w*|reisepass\w*|pass(?:port)?nummer
    passport\w*|pass|driver['’]?s? licen[cs]e|driving licen[cs]e|führerschein\w*|sécurité sociale|numéro de sécu
    insee|numéro fiscal|passeport|carte d['’]identité|pasaporte|documento(?: nacional)? de identidad
    seguridad social|cédula|carnet|passaporto|carta d['’]identità|codice fiscale|paspoort\w*|bsn
    burgerservicenummer|sofi ?nummer|rijksregister\w*|numéro national|registre national|pesel
    dowód\w* (?:osobist\w*)?|paszport\w*|nip|cpf|cnpj|curp|cuit|cuil|rut|bi|passaporte|contribuinte|nif|dni|rfc
    personnummer\w*|person nr|fødselsnummer|personnr|cpr(?: nummer)?|cpr nr|hetu|henkilötunnus|rodné číslo
    birth number|občansk\w* průkaz\w*|cnp|egn|егн|oib|jmbg|emšo|isikukood|asmens kodas|personas kods
    személyi szám|adóazonosító|taj szám|tc kimlik\w*|t\.c\.|kimlik\w*|aadhaar|aadhar|nric|ktp|nik|cccd|cmnd
    ahv(?: nummer)?|avs|инн|снилс|паспорт\w*|ідентифікаційний код|αφμ|αμκα|ת\.ז|תעודת זהות|आधार|เลขบัตรประชาชน
    マイナンバー|身份证号码|身份证号|身份证|身分證|护照|주민등록번호|여권번호"""
)
PASSWORD = _pattern(
    r"""pass ?word|pass(?= ?[:=])|my pass(?= is )|passwort|kennwort|passwd|pwd|pass ?phrase|pw|mot de passe|mdp
    contraseña|clave(?: de acceso)?
    senha|palavra passe|wachtwoord|hasło|hasla|lösenord|adgangskode|kodeord|passord|salasana|heslo|jelszó
    jelszavam|şifre\w*|parola|пароль|пароля|лозинка|κωδικός πρόσβασης|mật khẩu|kata sandi|كلمة المرور|كلمة السر
    סיסמה|पासवर्ड|รหัสผ่าน|パスワード|密码|密碼|口令|비밀번호|암호"""
)
CODE = _pattern(
    r"""verification code|verify code|one time (?:code|password|pass ?code|pin)|otp|totp|2fa(?: code)?|mfa code
    security code|pass ?code|auth(?:entication|enticator|orization)? code|geheimzahl|log ?in code|sign in code
    sms code|access code
    pin(?: code)?|pin number|pin nummer|tan|cvv2?|cvc2?|csc|backup code|recovery code|sicherheitscode
    sicherheitsnummer|bestätigungscode|prüfnummer|einmal(?:code|passwort|kennwort)|verifizierungscode
    anmeldecode|zugangscode|code pin|code de vérification|code de sécurité|code secret|code de confirmation
    code unique|código de verificación|código de seguridad|código pin|código de confirmación|codice di verifica
    codice di sicurezza|codice pin|codice otp|verificatiecode|beveiligingscode|pincode|kod weryfikacyjny|kod pin
    kod sms|kod bezpieczeństwa|código de verificação|código de segurança|verifieringskod|säkerhetskod|engångskod
    engangskode|sikkerhedskode|bekræftelseskode|bekreftelseskode|vahvistuskoodi|tunnusluku|ověřovací kód
    bezpečnostní kód|megerősítő kód|ellenőrző kód|doğrulama kodu|güvenlik kodu|onay kodu|cod de verificare
    код подтверждения|код из смс|проверочный код|пин код|κωδικός επαλήθευσης|mã xác (?:minh|nhận)
    kode verifikasi|kode otp|رمز التحقق|קוד אימות|ओटीपी|รหัสยืนยัน|認証コード|確認コード|暗証番号
    验证码|驗證碼|校验码|인증번호|인증 코드"""
)
CARD = _pattern(
    r"""cards?|credit card|debit card|card number|visa|master ?card|amex|maestro|discover|kreditkarte\w*|karte\w*
    kartennummer|carte(?: bancaire| bleue)?|cb|tarjeta|carta(?: di credito)?|kaart\w*|creditcard\w*|karta|karty
    kartę|cartão|kort\w*|kortti\w*|kartı\w*|kártya\w*|карт[аыу]|カード|卡号|信用卡|카드"""
)
SECRET = _pattern(
    r"""api key|apikey|api secret|api token|secret key|access key|client secret|access token|auth token|bearer token
    refresh token|private key|secret access key|signing secret|webhook secret|token|secret|api schlüssel|clé api
    clave api|chiave api|bearer"""
)
IS = (
    r"(?:is|was|are|ist|war|lautet|est|es|era|è|é|jest|to|is nu|är|er|on|je|byl[oa]?|van|este|это|now|currently|=|:"
    r"|は|是|为|為|은|는)"
)
