"""What `core.privacy.mask` has to find, and what it has to leave alone; made by hand from the standards.

A value is written between double arrows where it is not the whole text, so that each text says where its spans lie.
"""

PERSONAL: dict[str, list[str]] = {
    "email": [
        "name (at) domain.com",
        "write to ⟪name [at] domain [dot] com⟫",
        "name at domain dot com",
        "name AT domain DOT com",
        "name@domain(dot)com",
        "name @ domain.com",
        "name(at)domain(dot)co(dot)uk",
        "⟪jane_doe at gmail dot com⟫ please",
        "jane.doe at gmail.com",
        "reach ⟪jane {at} example {dot} org⟫",
        "my email is ⟪john dot smith at gmail dot com⟫",
        "john [dot] smith [at] gmail [dot] com",
        "ann＠example．com",
        "user@[192.168.2.1]",
        '"john doe"@example.com',
        "o'brien@example.ie",
        "mailto:⟪ann@example.com⟫?subject=x",
        "a@b.co",
        "x@xn--bcher-kva.example",
        "用户@例子.广告",
        "почта@пример.рф",
        "⟪ann@example.com⟫.",
        "⟪ann@example.com⟫,bob@example.org",
        "ann@example.com,⟪bob@example.org⟫",
        "E-Mail:⟪ann@example.com⟫",
        "first.last+tag@sub.domain.co.uk",
        "ann@localhost",
        "<⟪ann@example.com⟫>",
        "ann%40example.com",
        "ann&#64;example.com",
        "name arroba dominio punto com",
        "max ät beispiel punkt de",
        "name chiocciola dominio punto it",
        "name@domain .com",
        "name@ domain.com",
        "name(@)domain.com",
        "test_email-123@my-site.travel",
        "1234567890@example.com",
        "email me:⟪ann@example.com⟫!",
        "(⟪ann@example.com⟫)",
        "'⟪ann@example.com⟫'",
        "https://x.example/?email=⟪ann@example.com⟫",
        "⟪ann@example.com⟫/foo",
        "jane dot doe at example dot co dot uk",
        "ann＠example.com",
        "ann @gmail.com",
    ],
    "phone": [
        # With the check digit of a card, which nobody writes with a plus.
        "call ⟪+49 151 12345678⟫",
        "+4915112345678",
        "+1 202 555 0143",
        "+1 (202) 555-0143",
        "(202) 555-0143",
        "(202)555-0143",
        "202-555-0143",
        "202.555.0143",
        "202 555 0143",
        "1-202-555-0143",
        "+12025550143",
        "call ⟪2025550143⟫",
        "+1.202.555.0143",
        "tel:⟪+1-202-555-0143⟫",
        "+44 7911 123456",
        "07911 123456",
        "07911123456",
        "+44 (0) 7911 123456",
        "020 7946 0958",
        "(020) 7946 0958",
        "0161 496 0123",
        "01632 960983",
        "+49 151 23456789",
        "0049 151 23456789",
        "+49(0)151/23456789",
        "030/12345678",
        "(030) 12345678",
        "030 - 12 34 56 78",
        "0 30 / 12 34 56",
        "Telefon ⟪0 30 12 34 56⟫",
        "+33 6 12 34 56 78",
        "06 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033612345678",
        "+34 612 345 678",
        "612 345 678",
        "móvil ⟪612345678⟫",
        "+39 347 123 4567",
        "347 123 4567",
        "06 1234 5678",
        "+31 6 12345678",
        "06 12345678",
        "06-12 34 56 78",
        "+48 512 345 678",
        "512-345-678",
        "+55 (11) 91234-5678",
        "(11) 91234-5678",
        "+7 (912) 345-67-89",
        "8 912 345 67 89",
        "8-912-345-67-89",
        "8(912)3456789",
        "+81 3-1234-5678",
        "090-1234-5678",
        "+86 138 0013 8000",
        "手机 ⟪13800138000⟫",
        "+82 10-1234-5678",
        "010-1234-5678",
        "+91 98765 43210",
        "098765 43210",
        "+91-9876543210",
        "+61 412 345 678",
        "0412 345 678",
        "(02) 9876 5432",
        "+46 70 123 45 67",
        "070-123 45 67",
        "+45 12 34 56 78",
        "tlf ⟪12 34 56 78⟫",
        "+47 912 34 567",
        "mobil ⟪912 34 567⟫",
        "+358 40 123 4567",
        "040 123 4567",
        "+90 532 123 45 67",
        "0532 123 45 67",
        "+41 79 123 45 67",
        "079 123 45 67",
        "+43 664 1234567",
        "0664 1234567",
        "+32 470 12 34 56",
        "0470 12 34 56",
        "+351 912 345 678",
        "telemóvel ⟪912345678⟫",
        "+353 85 123 4567",
        "085 123 4567",
        "+420 601 123 456",
        "+36 30 123 4567",
        "06 30 123 4567",
        "06-30/123-4567",
        "+40 721 234 567",
        "0721 234 567",
        "+30 694 123 4567",
        "κινητό ⟪6941234567⟫",
        "+972 50-123-4567",
        "050-123-4567",
        "+966 50 123 4567",
        "+971 50 123 4567",
        "+52 55 1234 5678",
        "mi celular es ⟪5512345678⟫",
        "+54 9 11 1234-5678",
        "+57 310 1234567",
        "+56 9 1234 5678",
        "+65 9123 4567",
        "hp ⟪9123 4567⟫",
        "+852 9123 4567",
        "+62 812-3456-7890",
        "0812-3456-7890",
        "+84 912 345 678",
        "0912 345 678",
        "+66 81 234 5678",
        "081 234 5678",
        "+27 82 123 4567",
        "082 123 4567",
        "+234 803 123 4567",
        "+20 100 123 4567",
        "+64 21 123 4567",
        "021 123 4567",
        "+380 67 123 4567",
        "067 123 45 67",
        "202-555-0143 ext. 22",
        "202-555-0143 x22",
        "202-555-0143x22",
        "+1 202 555 0143 extension 22",
        "+49 30 1234567-89",
        "+1-202-555-0143;ext=22",
        "＋４９ １５１ ２３４５６７８９",
        "٠٥٠ ١٢٣ ٤٥٦٧",
        "call me at ⟪555-0143⟫",
        "my number: ⟪555 0143⟫",
        "ring me on ⟪7946 0958⟫",
        "You can reach me on ⟪2025550143⟫",
        "Contact: ⟪2025550143⟫",
        "contact me on ⟪2025550143⟫",
        "dial ⟪2025550143⟫",
        "Phone no. ⟪2025550143⟫",
        "Ph: ⟪2025550143⟫",
        "m: ⟪07911123456⟫",
        "T: ⟪2025550143⟫",
        "whatsapp ⟪2025550143⟫",
        "telegram/whatsapp: ⟪2025550143⟫",
        "⟪2025550143⟫ is my number",
        "⟪2025550143⟫ (mobile)",
        "⟪2025550143⟫ is my cell",
        "ruf mich unter ⟪15123456789⟫ an",
        "erreichbar unter ⟪15123456789⟫",
        "joignable au ⟪612345678⟫",
        "rappelez-moi au ⟪612345678⟫",
        "Mon tel c'est ⟪0612345678⟫",
        "mi número es ⟪612345678⟫",
        "contáctame en ⟪612345678⟫",
        "mio numero ⟪3471234567⟫",
        "mijn 06 is ⟪12345678⟫",
        "phone number – ⟪2025550143⟫",
        "My phone: ⟪202 5550143⟫",
        "(202) 5550143",
        "+1202-555-0143",
        "00 49 151 23456789",
        "+49151 23456789",
        "011 44 7911 123456",
        "+ 49 151 23456789",
        "0151.23456789",
        "+49-151-234-567-89",
        "+44 20 7946 0958 / ⟪+44 7911 123456⟫",
        "+442079460958,⟪+447911123456⟫",
        "⟪+33612345678⟫.",
        "паспорт серия 4504 номер ⟪123456⟫",
    ],
    "card": [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111\xa01111\xa01111\xa01111",
        "4111 1111-1111 1111",
        "４１１１１１１１１１１１１１１１",
        "4111–1111–1111–1111",
        "4111/1111/1111/1111",
        "4111_1111_1111_1111",
        "41111111 11111111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4111  1111  1111  1111",
        "4111\n1111\n1111\n1111",
        "4111\t1111\t1111\t1111",
        "4111\u20091111\u20091111\u20091111",
        "378282246310005",
        "3782-822463-10005",
        "3782 822463 10005",
        "5555555555554444",
        "5555 5555 5555 4444",
        "2221000000000009",
        "6011111111111117",
        "30569309025904",
        "38520000023237",
        "3530111333300000",
        "6759649826438453",
        "4222222222222",
        "6212345678901232",
        "4000056655665556",
        "card⟪4111111111111111⟫",
        "Visa:⟪4111111111111111⟫",
        "(⟪4111111111111111⟫)",
        "order ⟪4111111111111111⟫",
        "pay with ⟪4111 1111 1111 1111⟫ exp 12/26 cvv 123",
        "5019717010103742",
        "6304000000000000",
        "2200000000000004",
        "4111111111111111, ⟪5555555555554444⟫",
        "4111111111111111 ⟪5555555555554444⟫",
        "4917610000000000003",
        "#⟪4111111111111111⟫",
        "6062826786276634",
        "my tracking? no, card: ⟪4111111111111111⟫",
    ],
    "iban": [
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "de89 3704 0044 0532 0130 00",
        "GB29NWBK60161331926819",
        "gb29 nwbk 6016 1331 9268 19",
        "FR76 3000 6000 0112 3456 7890 189",
        "IBAN:⟪DE89370400440532013000⟫",
        "IBAN⟪DE89370400440532013000⟫",
        "NL91 ABNA 0417 1643 00",
        "⟪NL91 ABNA 0417 1643 00⟫ please",
        "DE89\xa03704\xa00044\xa00532\xa00130\xa000",
        "DE89.3704.0044.0532.0130.00",
        "ＤＥ８９３７０４００４４０５３２０１３０００",
        "MT84MALT011000012345MTLCAST001S",
        "LC55HEMM000100010012001200023015",
        "NO93 8601 1117 947",
        "DE 89 3704 0044 0532 0130 00",
        "DE89 37040044 0532013000",
        "SN08SN0100152000048500003035",
        "DE89  3704  0044  0532  0130  00",
        "BE71 0961 2345 6769, ⟪AT61 1904 3002 3457 3201⟫",
        "FI21 1234 5600 0007 85",
        "⟪ES91 2100 0418 4502 0005 1332⟫.",
        "RU0304452522540817810538091310419",
    ],
    "ip": [
        "192.168.1.1",
        "8.8.8.8",
        "my ip ⟪203.0.113.195⟫.",
        "⟪203.0.113.195⟫:8080",
        "http://⟪203.0.113.195⟫/x",
        "2001:db8::1",
        "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
        "2001:DB8:85A3::8A2E:370:7334",
        "fe80::1%eth0",
        "::ffff:192.0.2.1",
        "[⟪2001:db8::1⟫]:8080",
        "::1",
        "2001:db8::",
        "⟪2001:db8::⟫/32",
        "IP=⟪10.0.0.1⟫",
        "from 10.0.0.1,⟪10.0.0.2⟫",
        "(⟪10.0.0.1⟫)",
        "64:ff9b::192.0.2.33",
        "1::8",
        "fd12:3456:789a:1::1",
        "abcd::ef",
        "IP address: ⟪fe80::abcd⟫",
        "2001:db8:0:1:1:1:1:1",
        "⟪192.168.001.001⟫ ip",
        "my ip address is ⟪10.2.3.4⟫",
        "⟪10.2.3.4⟫ is my ip",
        "192[.]168[.]1[.]1",
    ],
    "mac": [
        "00:1A:2B:3C:4D:5E",
        "00-1a-2b-3c-4d-5e",
        "001A.2B3C.4D5E",
        "MAC: ⟪001A2B3C4D5E⟫",
        "mac address ⟪001A2B3C4D5E⟫",
    ],
    "national_id": [
        "123-45-6789",
        "My SSN is ⟪123-45-6789⟫",
        "SSN ⟪123456789⟫",
        "social security number: ⟪078 05 1120⟫",
        "social security no. ⟪078051120⟫",
        "SSN#: ⟪219-09-9999⟫",
        "ITIN ⟪912-34-5678⟫",
        "my social is ⟪219-09-9999⟫",
        "NINO: ⟪AB 12 34 56 C⟫",
        "National Insurance number ⟪QQ123456C⟫",
        "AB123456C",
        "ab 12 34 56 c",
        "NI: ⟪JG 10 37 59 A⟫",
        "NHS number ⟪943 476 5919⟫",
        "NHS No: ⟪9434765919⟫",
        "UTR ⟪1955839661⟫",
        "Steuer-ID ⟪86 095 742 719⟫",
        "Steuer-ID: ⟪86095742719⟫",
        "Meine Steueridentifikationsnummer lautet ⟪86095742719⟫",
        "IdNr. ⟪86095742719⟫",
        "Steuernummer ⟪181/815/08155⟫",
        "Sozialversicherungsnummer ⟪12 345678 A 123⟫",
        "Rentenversicherungsnummer ⟪65170839J008⟫",
        "Personalausweis ⟪L01X00T471⟫",
        "Ausweisnummer: ⟪T220001293⟫",
        "SVNR ⟪1237 010180⟫",
        "2 95 10 99 126 111 93",
        "295109912611193",
        "Numéro de sécurité sociale : ⟪2 95 10 99 126 111 93⟫",
        "NIR ⟪295109912611193⟫",
        "mon numéro fiscal est ⟪3023217600053⟫",
        "carte vitale ⟪2 95 10 99 126 111 93⟫",
        "DNI ⟪12345678Z⟫",
        "12345678Z",
        "12.345.678-Z",
        "NIE ⟪X1234567L⟫",
        "X-1234567-L",
        "NIF: ⟪12345678Z⟫",
        "mi dni es ⟪12345678 Z⟫",
        "codice fiscale ⟪RSSMRA85T10A562S⟫",
        "RSSMRA85T10A562S",
        "rssmra85t10a562s",
        "CF: ⟪RSS MRA 85T10 A562S⟫",
        "BSN ⟪111222333⟫",
        "BSN: ⟪1112.22.333⟫",
        "mijn burgerservicenummer is ⟪111222333⟫",
        "Rijksregisternummer ⟪85.07.30-033.28⟫",
        "85073003328",
        "PESEL ⟪44051401359⟫",
        "44051401359",
        "mój pesel to ⟪44051401359⟫",
        "NIP ⟪526-104-08-28⟫",
        "dowód osobisty ⟪ABA300000⟫",
        "CPF ⟪529.982.247-25⟫",
        "529.982.247-25",
        "cpf: ⟪52998224725⟫",
        "meu CPF é ⟪52998224725⟫",
        "CNPJ ⟪11.222.333/0001-81⟫",
        "RG ⟪12.345.678-9⟫",
        "NIF ⟪123456789⟫",
        "contribuinte ⟪123456789⟫",
        "personnummer ⟪811218-9876⟫",
        "811218-9876",
        "19811218-9876",
        "personnr ⟪8112189876⟫",
        "CPR ⟪070761-4285⟫",
        "cpr-nr. ⟪0707614285⟫",
        "fødselsnummer ⟪15108695088⟫",
        "15108695088",
        "HETU ⟪131052-308T⟫",
        "131052-308T",
        "kennitala ⟪120174-3399⟫",
        "AHV-Nr. ⟪756.9217.0769.85⟫",
        "7569217076985",
        "AVS ⟪756 9217 0769 85⟫",
        "Aadhaar ⟪2341 2341 2346⟫",
        "aadhaar number ⟪234123412346⟫",
        "2341 2341 2346",
        "PAN ⟪ACUPA7085R⟫",
        "ABCPE1234F",
        "TC kimlik ⟪10000000146⟫",
        "T.C. Kimlik No: ⟪10000000146⟫",
        "rodné číslo ⟪710319/2745⟫",
        "710319/2745",
        "RČ: ⟪7103192745⟫",
        "CNP ⟪1630615123457⟫",
        "ЕГН ⟪7523169263⟫",
        "EGN ⟪7523169263⟫",
        "OIB ⟪33392005961⟫",
        "JMBG ⟪0101006500006⟫",
        "EMŠO ⟪0101006500006⟫",
        "isikukood ⟪37605030299⟫",
        "asmens kodas ⟪33309240064⟫",
        "personas kods ⟪161175-19997⟫",
        "AMKA ⟪01013099997⟫",
        "ΑΦΜ ⟪094259216⟫",
        "adóazonosító ⟪8071592153⟫",
        "TAJ szám ⟪123 456 788⟫",
        "ИНН ⟪500100732259⟫",
        "СНИЛС ⟪112-233-445 95⟫",
        "паспорт ⟪45 04 123456⟫",
        "РНОКПП ⟪1759013776⟫",
        "身份证 ⟪11010519491231002X⟫",
        "11010519491231002X",
        "身分證字號 ⟪A123456789⟫",
        "マイナンバー ⟪1234 5678 9018⟫",
        "주민등록번호 ⟪900101-1234567⟫",
        "900101-1234567",
        "NRIC ⟪S1234567D⟫",
        "S1234567D",
        "HKID ⟪A123456(3)⟫",
        "NIK ⟪3174012501900001⟫",
        "CCCD ⟪001090012345⟫",
        "เลขบัตรประชาชน ⟪1-1014-00123-45-6⟫",
        "MyKad ⟪900101-14-5678⟫",
        "CURP ⟪BOXW310820HNERXN09⟫",
        "BOXW310820HNERXN09",
        "RFC ⟪GODE561231GR8⟫",
        "RUT ⟪12.531.909-2⟫",
        "rut ⟪12531909-2⟫",
        "CUIT ⟪20-05536168-2⟫",
        "cédula ⟪1.020.304.050⟫",
        "DNI ⟪20.123.456⟫",
        "SIN ⟪046 454 286⟫",
        "SIN: ⟪046-454-286⟫",
        "TFN ⟪123 456 782⟫",
        "Medicare ⟪2123 45670 1⟫",
        "IRD ⟪49-091-850⟫",
        "PPS number ⟪6433435F⟫",
        "PPSN ⟪6433435OA⟫",
        "ת.ז. ⟪039337423⟫",
        "teudat zehut ⟪039337423⟫",
        "Emirates ID ⟪784-1980-1234567-8⟫",
        "ID number ⟪8001015009087⟫",
        "NIN ⟪12345678901⟫",
        "CNIC ⟪35202-1234567-1⟫",
        "passport number ⟪123456789⟫",
        "Passport No. ⟪C01X00T47⟫",
        "passport: ⟪X1234567⟫",
        "numéro de passeport ⟪12AB34567⟫",
        "pasaporte ⟪AAA123456⟫",
        "passaporto ⟪YA1234567⟫",
        "driving licence ⟪MORGA657054SM9IJ⟫",
        "driver's license number ⟪D1234567⟫",
        "Führerschein ⟪B072RRE2I55⟫",
        "my ID card number is ⟪123456789⟫",
    ],
    "birth_date": [
        "I was born on ⟪12 March 1985⟫",
        "born ⟪03/12/1985⟫",
        "DOB ⟪12/03/1985⟫",
        "D.O.B.: ⟪12-03-85⟫",
        "date of birth: ⟪1985-03-12⟫",
        "Date of Birth - ⟪March 12th, 1985⟫",
        "my birthday is ⟪12 March⟫",
        "my birthday is ⟪March 12⟫",
        "birthday: ⟪12.03.⟫",
        "birthdate ⟪19850312⟫",
        "My date of birth is the ⟪12th of March 1985⟫",
        "born ⟪Mar 12 1985⟫",
        "b. ⟪12/03/1985⟫",
        "born in ⟪March 1985⟫",
        "I was born ⟪12 March '85⟫",
        "DOB⟪12/03/1985⟫",
        "Birthday ⟪3/12/85⟫",
        "dob=⟪1985-03-12⟫",
        "DOB: ⟪12 Mar 85⟫",
        "geboren am ⟪12.03.1985⟫",
        "Ich bin am ⟪12. März 1985⟫ geboren",
        "Geburtsdatum: ⟪12.3.85⟫",
        "Geb.: ⟪12.03.1985⟫",
        "geb. am ⟪12.03.1985⟫",
        "mein Geburtstag ist der ⟪12. März 1985⟫",
        "*⟪12.03.1985⟫",
        "Geb.-Datum ⟪12.03.1985⟫",
        "né le ⟪12 mars 1985⟫",
        "date de naissance ⟪12/03/1985⟫",
        "née le ⟪1er mars 1985⟫",
        "nacida el ⟪12 de marzo de 1985⟫",
        "fecha de nacimiento: ⟪12/03/1985⟫",
        "nací el ⟪12 de marzo del 85⟫",
        "nato il ⟪12 marzo 1985⟫",
        "data di nascita ⟪12/03/1985⟫",
        "nata a Roma il ⟪12/03/1985⟫",
        "geboortedatum: ⟪12-03-1985⟫",
        "ik ben geboren op ⟪12 maart 1985⟫",
        "data urodzenia ⟪12.03.1985⟫",
        "urodziłem się ⟪12 marca 1985⟫",
        "ur. ⟪12.03.1985⟫",
        "data de nascimento: ⟪12/03/1985⟫",
        "nasci em ⟪12 de março de 1985⟫",
        "född ⟪1985-03-12⟫",
        "född den ⟪12 mars 1985⟫",
        "født ⟪12.03.1985⟫",
        "fødselsdato ⟪12. marts 1985⟫",
        "syntynyt ⟪12.3.1985⟫",
        "syntymäaika ⟪12.3.1985⟫",
        "datum narození ⟪12. 3. 1985⟫",
        "narozen ⟪12. března 1985⟫",
        "születtem ⟪1985. március 12-én⟫",
        "data nașterii ⟪12.03.1985⟫",
        "născut pe ⟪12 martie 1985⟫",
        "doğum tarihim ⟪12.03.1985⟫",
        "⟪12 Mart 1985⟫ doğumluyum",
        "дата рождения ⟪12.03.1985⟫",
        "родился ⟪12 марта 1985⟫ года",
        "дата народження: ⟪12.03.1985⟫",
        "生年月日 ⟪1985年3月12日⟫",
        "⟪1985年3月12日⟫生",
        "我出生于⟪1985年3月12日⟫",
        "생년월일: ⟪1985.03.12⟫",
        "ημερομηνία γέννησης ⟪12/03/1985⟫",
        "תאריך לידה ⟪12/03/1985⟫",
        "تاريخ الميلاد ⟪١٢/٠٣/١٩٨٥⟫",
        "⟪12/03/1985⟫ is my date of birth",
        "⟪12/03/1985⟫ (DOB)",
        "my bday is ⟪12/03/1985⟫",
        "born: ⟪12th March, 1985⟫",
        "date of birth (dd/mm/yyyy): ⟪12/03/1985⟫",
        "Date of birth\n⟪12/03/1985⟫",
    ],
    "password": [
        "my password is ⟪hunter2⟫",
        "my password is ⟪Hunter2!⟫",
        "password: ⟪hunter2⟫",
        "password=⟪hunter2⟫",
        "Password : ⟪p@ssw0rd⟫",
        "pw: ⟪geheim123⟫",
        "pwd: ⟪abc123⟫",
        "pass: ⟪abc123⟫",
        "passwd ⟪abc123!⟫",
        'the password is "⟪correct horse battery staple⟫"',
        "login: ann / ⟪hunter2⟫",
        "user: ann, pass: ⟪hunter2⟫",
        "username ann password ⟪hunter2⟫",
        "My pass is ⟪Sunshine99⟫",
        "password: ⟪12345678⟫",
        "my password is ⟪12345⟫",
        "my password's ⟪hunter2⟫",
        "password – ⟪Hunter2⟫",
        "password -> ⟪Hunter2⟫",
        "password = '⟪Hunter 2⟫'",
        "mein Passwort lautet ⟪Sommer2024⟫",
        "Mein Passwort: ⟪Sommer⟫ 2024",
        "Kennwort: ⟪geheim⟫",
        "Passwort=⟪Geheim!1⟫",
        "mot de passe: ⟪soleil⟫",
        "mon mdp est ⟪soleil75⟫",
        "mi contraseña es ⟪luna⟫",
        "contraseña: ⟪luna123⟫",
        "clave: ⟪luna123⟫",
        "la mia password è ⟪gatto⟫",
        "mijn wachtwoord is ⟪tulp123⟫",
        "moje hasło to ⟪kotek⟫",
        "minha senha é ⟪gato123⟫",
        "lösenord: ⟪katt123⟫",
        "adgangskode: ⟪kat123⟫",
        "salasana on ⟪kissa123⟫",
        "heslo: ⟪kocka⟫",
        "jelszó: ⟪macska⟫",
        "şifrem ⟪kedi123⟫",
        "пароль ⟪кошка123⟫",
        "мой пароль: ⟪Кошка⟫",
        "パスワード：⟪neko123⟫",
        "密码：⟪mao12345⟫",
        "비밀번호는 ⟪abc1234⟫ 입니다",
        "كلمة المرور: ⟪abc123⟫",
        "passphrase: ⟪blue-tree-9⟫",
        "PASSWORD: ⟪HUNTER2⟫",
        "Wifi password: ⟪cafe1234⟫",
        "my old password was ⟪Hunter2⟫",
        "use password ⟪Hunter2⟫ to log in",
        "my login password is ⟪monkey⟫",
        "ftp://bob:⟪s3cret⟫@ftp.example.com",
        "password:⟪hunter2⟫",
        "the password I use is ⟪Hunter2!⟫",
        "I set my password to ⟪Hunter2!⟫",
        "changed my password to ⟪Hunter2⟫",
        "my password is ⟪qwerty⟫.",
        "my password is ⟪qwerty⟫",
        "password ⟪qwerty123⟫",
        "one-time password ⟪123456⟫",
    ],
    "code": [
        "passcode is ⟪s3cret⟫",
        "code: ⟪123456⟫",
        "your code is ⟪123456⟫",
        "the code is ⟪123456⟫",
        "my code ⟪123456⟫",
        "OTP ⟪123456⟫",
        "otp is ⟪123456⟫",
        "one time code: ⟪123 456⟫",
        "⟪123456⟫ is your code",
        "verification code ⟪123-456⟫",
        "PIN ⟪1234⟫",
        "PIN is ⟪1234⟫",
        "my pin code: ⟪12345⟫",
        "CVV ⟪123⟫",
        "CVC: ⟪1234⟫",
        "cvv2=⟪123⟫",
        "security code ⟪123⟫",
        "2FA: ⟪123456⟫",
        "TAN ⟪123456⟫",
        "SMS code ⟪4821⟫",
        "authenticator code ⟪123456⟫",
        "login code ⟪123456⟫",
        "Bestätigungscode: ⟪123456⟫",
        "code de vérification : ⟪123456⟫",
        "código: ⟪123456⟫",
        "codice: ⟪123456⟫",
        "el código es ⟪123456⟫",
        "mein Code ist ⟪123456⟫",
        "le code est ⟪123456⟫",
        "kod: ⟪123456⟫",
        "код: ⟪123456⟫",
        "验证码是⟪123456⟫",
        "認証コードは⟪123456⟫です",
        "인증번호 ⟪123456⟫",
        "enter ⟪123456⟫ to verify",
        "use code ⟪123456⟫ to sign in",
        "the code I got was ⟪123456⟫",
        "I received the code ⟪123456⟫",
        "passcode: ⟪123456⟫",
        "PIN-Code ⟪1234⟫",
        "Geheimzahl ⟪1234⟫",
        "wachtwoordcode? pincode ⟪1234⟫",
        "backup code ⟪ABCD-1234⟫",
        "recovery code: ⟪8f3k-92jd⟫",
        "OTP: ⟪8F3K92⟫",
    ],
    "secret": [
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "pk_test_TYooMQauvdEDq54NiTphI7jx",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "⟪eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U⟫",
        "api_key=⟪abcdef1234567890⟫",
        "API key: ⟪1234567890abcdef⟫",
        "api-key ⟪abcdef1234567890abcdef⟫",
        "Bearer ⟪abcdef1234567890⟫",
        "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
        "xoxb-123456789012-1234567890123-abcdefABCDEF",
        "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",
        "https://hooks.slack.com/services/⟪T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX⟫",
        "aws_secret_access_key = ⟪wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟫",
        "client secret: ⟪GOCSPX-abcdefghijklmnopqrstuvwx⟫",
        "secret key is ⟪9f86d081884c7d659a2feaa0c55ad015⟫",
        "access token: ⟪ya29.a0AfH6SMBx1234567890abcdefg⟫",
        "my token is ⟪abcdef1234567890⟫",
        "shpat_0123456789abcdef0123456789abcdef",
        "rk_live_51H8abcdefghijklmnop",
        "AC0123456789abcdef0123456789abcdef",
    ],
}

ORDINARY = """\
Order #100234
#100234
order 100234
Order no. 4839201745
my order number is 4839201745
order number: 4839201745
Where is order 83920174?
Order 2024-000123
order WEB-2024-000123
Bestellnummer 4839201745
Meine Bestellnummer ist 4839201745
Bestellung Nr. 100234567
Numéro de commande 4839201745
ma commande n° 4839201745
número de pedido 4839201745
mi pedido es el 4839201745
numero ordine 4839201745
ordernummer 4839201745
mijn bestelnummer is 4839201745
numer zamówienia 4839201745
número da encomenda 4839201745
ordrenummer 4839201745
beställningsnummer 4839201745
sipariş numarası 4839201745
номер заказа 4839201745
注文番号は4839201745です
订单号4839201745
주문번호 4839201745
4006381333931
EAN 4006381333931
5901234123457
0012345678905
EAN: 5 901234 123457
UPC 0 12345 67890 5
GTIN 00012345678905
ISBN 978-3-16-148410-0
ISBN 9783161484100
ISBN 0-306-40615-2
ISSN 2049-3630
1Z999AA10123456784
1Z 999 AA1 01 2345 6784
UPS tracking 1Z12345E0205271688
DHL 00340434292135100186
DHL tracking number 1234567890
JJD000390007827271
JJD01 4600 0000 0000 0000
JD014600006281230704
Sendungsnummer 00340434161094015902
FedEx tracking 449044304137821
FedEx 7777 1234 5678
USPS 9400 1000 0000 0000 0000 00
9400100000000000000000
92055900000000000000000000
RA123456789GB
LX123456789DE
CP 123 456 789 US
Royal Mail RM123456789GB
Colissimo 6A12345678901
La Poste 3SKABA1234567890
PostNL 3SABCD1234567
GLS 50123456789
DPD 15505123456789
Hermes H1000730000904301049
Paketnummer 01234567890123
tracking number 123456789012
parcel 15505012345678
AWB 020-12345675
container MSKU1234567
$19.99
€ 1.234,56
1.234,56 €
£1,234.56
USD 1,234,567.89
1 234,56 EUR
12.345.678,90 €
CHF 1'234.50
¥12,345
₹1,23,456
Rp 1.234.567
1.234.567 Rp
it costs 1234567 won
R$ 1.234,56
$1234567890
total: 12345.67
price 199900
I paid 129.00 on 12.03.2024
delivered 2024-03-12
on 12/03/2024
12.03.2024 14:30
2024-03-12T14:30:00+01:00
March 12, 2024
12 March 2024
bought 12-03-2024
20240312
12/24
valid until 12/2026
between 01.03.2024 and 15.03.2024
01/03-15/03
2023/2024
1999-2024
since 1985
founded 12 March 1985
published on 12.03.1985
10:30
10:30:45
10:30-18:00
9am-5pm
Mon-Sat 10-20
24/7
version 10.2.3.4
v10.2.3.4
Version: 10.2.3.4
app version 2.14.0.1
firmware 1.0.0.12
release 4.18.0.305
Chrome/120.0.6099.109
Chrome 120.0.6099.109
Windows 10.0.19045.3693
iOS 17.2.1
build 19045.3693
Android 14 build 1.2.3.4
driver 31.0.15.2849
section 1.2.3.4
see chapter 3.2.1.4
10.2.3
1.2.3.4.5
software version is 10.2.3.4
I updated to 10.2.3.4 of the app
SKU 123-456-789
SKU: AB-1234-XL
SKU 10023456
item no. 123.456.78
IKEA article 904.567.89
article number 30275861
Art. 123456789
model WH-1000XM4
MacBook A2337
serial C02XK1ZQJGH5
S/N 123456789012
part no. 12345-67890
part number 555-123-4567
ref 202-555-0143
reference number 2025550143
invoice 2024001234
invoice no. 123-45-6789
Rechnung RE-2024-12345
Rechnungsnummer 123456789
customer no. 1234567890
Kundennummer 1234567890
account number 12345678
loyalty card 1234567
ticket 123456789
case number 123456789
case ID 5003X00002abcde
RMA 123456789
booking reference ABC123
reservation 1234567890
flight LH 1234
voucher 1234-5678-9012-3456
gift card code ABCD-EFGH-1234
coupon code SAVE20
promo code 20OFF
discount code 123456
Rabattcode 12345
ZIP code 90210
zip 10001-1234
postal code 1010
postcode SW1A 1AA
PLZ 10115
error code 404
error code 0x80070643
error code: 500123
status code 200
QR code
barcode 4006381333931
area code 212
country code +49
dress code
color code 1234
hs code 61091000
product code 12345678
article code 123456
Code of conduct 2024
the code doesn't work
what code?
the code is wrong
which pin do I use for the plug?
3-pin plug
6 pin connector
PIN header 2x20
40.7128, -74.0060
40.7128,-74.0060
52.520008, 13.404954
48°51'24.0"N 2°21'03.0"E
N 52° 31.200' E 13° 24.300'
lat 52.5200 lon 13.4050
10x20x30 cm
10 x 20 x 30 cm
120x200
1920x1080
1920 x 1080 px
size 42
EU 42
US 9.5
size 36/32
W32 L34
90-60-90
205/55 R16
205/55R16 91V
M8x40
6.1 inch
2.5 kg
100 ml
1,5 l
12 V 2 A
100-240V 50/60Hz
5000 mAh
60 W
16 GB RAM 512 GB SSD
DDR4-3200
4K 60fps
RTX 4090
i7-13700K
5G
802.11ac
IP68
IEC 60601-1-2
EN 13432
ISO 27001:2013
RAL 7016
#FF5733
#123456
Pantone 186 C
E27
AA 1.5V
PZ1
100% cotton
60/40
3.5 out of 5
4,8/5 from 1.234 reviews
5 stars
I have 3 items
10 000 steps
1.000.000
1,000,000
1 000 000
123456789
12345678
1234567
12345678901
1234567890123
000123456
0000001
00012345
100000000
2000000000
99999999
3.141592653589793
1e10
0.000123
1/2
3/4 inch
2+2=4
10-20 pieces
5-7 working days
2-3 weeks
30 days
24 months
room 1234
floor 12
Hausnummer 12a
12 Main Street
221B Baker Street, London NW1 6XE
1600 Amphitheatre Parkway, Mountain View, CA 94043
Musterstraße 12, 10115 Berlin
Postfach 12 34 56
P.O. Box 12345
Gate B22
Row 12 Seat 14
Track 3
Line 14
bus 100
VAT DE123456789
USt-IdNr. DE123456789
HRB 123456 B
ATU12345678
company number 12345678
DUNS 15-048-3782
BIC DEUTDEFF
SWIFT DEUTDEFF500
https://shop.example/p/123456789
https://shop.example/p?id=4839201745&ref=202-555-0143
www.shop.example/orders/4839201745
/orders/4839201745
http://localhost:8000/
std::map::iterator
a::b
10:20:30
12:34:56:78
1:2:3
aa:bb
16:9
commit 9f86d08
md5 d41d8cd98f00b204e9800998ecf8427e
sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
550e8400-e29b-41d4-a716-446655440000
0x1234567890abcdef
@username
#hashtag2024
I was born in Berlin
my son was born last week
my birthday is next month
our shop turns 10 on 12.03.2024
anniversary sale 12.03.2024
birthday gift for 12 people
birthday card 12.99
I want a birthday cake for 25.12.
birth certificate frame 20x30
forgot my password
reset password
my password does not work
password reset link expired
the password field is empty
password must have 8 characters
password is required
password was changed yesterday
is my password saved?
password manager
change password to something stronger
I need a new password
Passwort vergessen
mein Passwort funktioniert nicht
Passwort zurücksetzen
mot de passe oublié
olvidé mi contraseña
password dimenticata
wachtwoord vergeten
zapomniałem hasła
esqueci a senha
glömt lösenord
забыл пароль
パスワードを忘れました
忘记密码
the token is invalid
token expired
API key missing
where do I find my API key?
secret santa gift
access key card
I have a secret
passport holder in red
passport cover size 10x14 cm
ID card holder 85x54 mm
do you need my passport?
phone case for iPhone 14 Pro
phone stand 12345
phone with 128 GB
iPhone 15 Pro Max 1TB
Samsung Galaxy S23 Ultra SM-S918B
mobile phone 6.5 inch 2400x1080
call of duty 4
call center hours 9-17
my phone cost 599.00
please call back after 18:00
call me on Monday at 10:30
call me between 14.00 and 16.00
ring size 52
number of items: 12
number 5 alive
card holder for 12 cards
credit card terminal 3000
Visa or Mastercard?
SIM card 5G
gift card 50 EUR
memory card 128 GB
card game 52 cards
graphics card RTX 3080 12GB
email template 12
at home dot com bubble
meet me at noon
I am at work. Dot com era
look at amazon.com
I saw it at amazon.com
I bought it at ikea.com last week
shop at example.com
available at zara.com
order at lieferando.de please
version 1.0 at github.com/foo
price @ 5 each
10 @ $5
@support
follow @shop.example
logo@2x.png
IBAN please?
DE or AT?
GB 29 pounds
Where is my order 123-4567890-1234567?
Amazon order 123-4567890-1234567
Order 12345-6789
AB123456
XY12345678
INV-123456789
PO 4500123456
PO-4500123456
PO number 4500123456
Lieferschein 80012345
quote Q-123456
Angebot 2024-0815
contract 4711-0815
Vertragsnummer 123456789
policy number 123456789
membership 12345678
Mitgliedsnummer 12345678
student discount 10%
meter reading 123456
Zählerstand 123456
Zählernummer 1ESM1234567890
IMEI 490154203237518
VIN WVWZZZ1JZXW000001
license plate B-AB 1234
Kennzeichen M-XY 1234
Windows key
lottery 12 24 36 41 45 48
1 2 3 4 5 6 7 8 9 10 11 12
10 20 30 40 50 60
week 12/2024
KW 12
Q1/2024
FY2023-24
batch 20240312
lot 12345678
best before 12.03.2025
MHD 12.03.2025
manufactured 2024-03-12
exp 03/26
hotline costs 0.14 EUR/min
100 euro per 1000 km
population 83 240 525
ratio 1:1000000
scale 1:87
speed 300000000 m/s
distance 384 400 km
temperature -12.5
1,2,3,4
ID 123456789
user id 1234567
article ID: 4839201745
gid://shopify/Product/7982905098262
variant 43679341346838
product 7982905098262
campaign id 120210000000000000
GA-12345678
G-ABC1234567
UA-12345678-1
pixel 1234567890123456
pages 123-456
vol. 12, no. 3, 2024
Nr. 12
No 5
§ 12 Abs. 3
Art. 6 DSGVO
2024 model
1990s style
from 2010 to 2020
in 1985
year 1985
Class of 2012
vintage 1985 wine
70-200mm f/2.8
ISO 100-6400
1/250 s
24-70 mm
Size M (38-40)
100x100x200 mm, 12.5 kg, 3 pcs
12 pcs à 3.50
2 for 1
3x4
IP rating IP54
5.5.2024
5.5.
on 5/5
05.05.24
05/05/24 10:00
Tel Aviv 2024
Handy-Hülle 12345
Handytasche 6,1 Zoll
Telefonkabel 3 m
Mobile data 10 GB
celular de 128 GB
portable 15 pouces
portable charger 20000 mAh
fijo 10 euros
numéro 12
número 42
numero 7
nummer 12
Kreditkarte möglich?
Karte 50 EUR
mit Karte zahlen
pay by card 25.00
Kartennummer fehlt
born to run 2024
Born This Way 2011
code review on 12.03.
code 39 barcode
Code 128
code EAN13
source code 12.1
PIN 6 of the connector
SMS 160 characters
security code missing
security camera 1080
tan jacket size 42
TAN leather
the otp never arrived
We are at this point in time lost
look at the dot in the middle
it is a big dot com company
je suis chez moi point de vente
I'll be at home dot dot dot
stay at point 3""".splitlines()

# A text with both: what goes, and what stays.
MIXED: list[tuple[str, list[str], list[str]]] = [
    (
        "Hi, I'm John (john@x.com), my number is 07700 900123, order #100234",
        ["john@x.com", "07700 900123"],
        ["#100234"],
    ),
    ("Order 100234567 for +49 171 2345678", ["+49 171 2345678"], ["100234567"]),
    ("My order number is 4839201745 and my phone number is 4839201746", ["4839201746"], ["4839201745"]),
    ("phone 07700900123 order 07700900124", ["07700900123"], ["07700900124"]),
    (
        "Please refund to DE89 3704 0044 0532 0130 00, order 2024-000123, 49,90 €",
        ["DE89 3704 0044 0532 0130 00"],
        ["2024-000123", "49,90 €"],
    ),
    ("Card 4242 4242 4242 4242 exp 04/27 cvc 123, amount $19.99", ["4242 4242 4242 4242", "123"], ["$19.99"]),
    ("I was born on 1 May 1990 and ordered on 3 May 2024", ["1 May 1990"], ["3 May 2024"]),
    ("Ordered 12.03.2024, born 12.03.1990", ["12.03.1990"], ["12.03.2024"]),
    ("my ip is 10.0.0.5 and the app is version 10.0.0.6", ["10.0.0.5"], ["10.0.0.6"]),
    ("The verification code is 482913 but order 482914 is missing", ["482913"], ["482914"]),
    ("tracking 1Z999AA10123456784, call +1 415 555 2671", ["+1 415 555 2671"], ["1Z999AA10123456784"]),
    ("EAN 4006381333931, SKU AB-1234, card 5555 5555 5555 4444", ["5555 5555 5555 4444"], ["4006381333931", "AB-1234"]),
    ("password: Sommer2024! Bestellnummer: 2024123456", ["Sommer2024!"], ["2024123456"]),
    ("email: ann.smith@example.co.uk / tel: 020 7946 0018", ["ann.smith@example.co.uk", "020 7946 0018"], []),
    (
        "Mein Name ist Anna, geb. 01.02.1990, Tel. 0171/1234567, Kundennr. 123456",
        ["01.02.1990", "0171/1234567"],
        ["123456"],
    ),
    (
        "Je m'appelle Luc, né le 14/07/1989, tél 06 12 34 56 78, commande 98765432",
        ["14/07/1989", "06 12 34 56 78"],
        ["98765432"],
    ),
    ("Soy Ana, DNI 12345678Z, móvil 612 345 678, pedido 12345678", ["12345678Z", "612 345 678"], ["pedido 12345678"]),
    (
        "Sono Marco, CF RSSMRA85T10A562S, cell 347 1234567, ordine 1234567",
        ["RSSMRA85T10A562S", "347 1234567"],
        ["ordine 1234567"],
    ),
    ("Ik ben Jan, BSN 111222333, 06-12345678, bestelling 111222334", ["111222333", "06-12345678"], ["111222334"]),
    ("Meu CPF é 529.982.247-25 e o pedido 52998224", ["529.982.247-25"], ["pedido 52998224"]),
    (
        "PESEL 44051401359, tel. 601 234 567, zamówienie 44051401",
        ["44051401359", "601 234 567"],
        ["zamówienie 44051401"],
    ),
    ("name,email,phone\nAnn,ann@example.com,+447700900123", ["ann@example.com", "+447700900123"], []),
    (
        '{"email":"ann@example.com","phone":"+447700900123","order":100234}',
        ["ann@example.com", "+447700900123"],
        ["100234"],
    ),
    (
        "ann@example.com|bob@example.com;carl@example.com",
        ["ann@example.com", "bob@example.com", "carl@example.com"],
        [],
    ),
    ("call 555-0143 or 555-0144", ["555-0143", "555-0144"], []),
    ("Tel: 030 123456, Fax: 030 123457", ["030 123456", "030 123457"], []),
    ("+49 30 123456 or +49 30 123457", ["+49 30 123456", "+49 30 123457"], []),
    ("My SSN is 123-45-6789. My order is 123-45-6780.", ["123-45-6789"], ["123-45-6780"]),
    ("pin 4821 and zip 90210", ["4821"], ["90210"]),
    ("OTP: 482913. Total: 482914", ["482913"], ["482914"]),
    ("server 2001:db8::1 at 10:30:45", ["2001:db8::1"], ["10:30:45"]),
    ("MAC 00:1A:2B:3C:4D:5E time 00:10:20", ["00:1A:2B:3C:4D:5E"], ["00:10:20"]),
    (
        "api key sk_test_4eC39HqLyjWDarjtT1zdp7dc for order 4839201745",
        ["sk_test_4eC39HqLyjWDarjtT1zdp7dc"],
        ["4839201745"],
    ),
    ("at 52.5200, 13.4050 my phone is 0171 2345678", ["0171 2345678"], ["52.5200", "13.4050"]),
    ("size 42, 10x20 cm, tel 0664 1234567", ["0664 1234567"], ["10x20 cm"]),
    ("I tried ann at example dot com", ["ann at example dot com"], []),
    ("mail: ann [at] example [dot] com; order #5", ["ann [at] example [dot] com"], ["#5"]),
    ("reach me: ann(at)example.com", ["ann(at)example.com"], []),
    ("IBAN GB29 NWBK 6016 1331 9268 19 BIC NWBKGB2L", ["GB29 NWBK 6016 1331 9268 19"], ["NWBKGB2L"]),
    ("My birthday is 12/25 and order of 12/26", ["12/25"], ["12/26"]),
    ("Passport C01X00T47, flight LH1234 on 12.03.2024", ["C01X00T47"], ["LH1234", "12.03.2024"]),
    ("login ann@example.com password hunter2!", ["ann@example.com", "hunter2!"], []),
    ("Benutzer: anna Passwort: Geheim#1", ["Geheim#1"], []),
    ("user=ann&password=hunter2&x=1", ["hunter2"], []),
    ("https://example.com/reset?token=abcdef1234567890abcdef", ["abcdef1234567890abcdef"], []),
    ("https://user:pa55@example.com/x", ["pa55"], []),
    ("Authorization: Basic dXNlcjpwYXNzd29yZA==", ["dXNlcjpwYXNzd29yZA=="], []),
    ("My mobile: (+44) 7700 900123", ["7700 900123"], []),
    ("Tel (0044) 7700 900123", ["7700 900123"], []),
    ("Phone: 1 (800) 555-0199", ["800) 555-0199"], []),
    ("Rufnummer 0 171 2345678", ["171 2345678"], []),
    ("0171 / 234 56 78", ["0171 / 234 56 78"], []),
    ("0171-234 56 78", ["0171-234 56 78"], []),
    ("+49 (171) 234-5678", ["+49 (171) 234-5678"], []),
    ("+44-(0)20-7946-0018", ["+44-(0)20-7946-0018"], []),
    ("+1 (415) 555‑2671", ["+1 (415) 555‑2671"], []),
    ("tel:+14155552671", ["+14155552671"], []),
    ("wa.me/4915112345678", ["4915112345678"], []),
    ("https://wa.me/4915112345678", ["4915112345678"], []),
    ("skype: live:ann.smith, phone 415.555.2671", ["415.555.2671"], []),
    ("Mobile 98765 43210 pin code 560001", ["98765 43210"], []),
    ("My Aadhaar is 2341-2341-2346", ["2341-2341-2346"], []),
    ("card ending 4242", [], ["4242"]),
    ("card ending in 4242", [], ["4242"]),
    ("Visa **** 4242", [], ["4242"]),
    ("last four digits 4242", [], ["4242"]),
    ("order placed at 10:30 on 2024-03-12 for 3 x 19.99", [], ["10:30", "2024-03-12", "19.99"]),
    ("5 x 100 g, 12,50 €, 2024", [], ["5 x 100 g", "12,50 €", "2024"]),
    ("I need 12 of 4711-0815 and 3 of 0815-4711", [], ["4711-0815", "0815-4711"]),
    ("my order from 12 March 2024 (no. 2024/0312)", [], ["12 March 2024", "2024/0312"]),
    ("Is it 1,299.00 or 1.299,00?", [], ["1,299.00", "1.299,00"]),
    ("The 2.0.0.1 update broke it", [], ["2.0.0.1"]),
    ("Delivery between 08:00-12:00 on 05.06.", [], ["08:00-12:00", "05.06."]),
    ("Ship to 12 High Street, SW1A 1AA London", [], ["SW1A 1AA", "12 High Street"]),
    ("I ordered 2 units of article 4006381333931.", [], ["4006381333931"]),
    ("what about 4006381333931?", [], ["4006381333931"]),
    ("parcel 00340434292135100186 is late", [], ["00340434292135100186"]),
    ("JJD000390007827271 not arrived", [], ["JJD000390007827271"]),
    ("my parcel is RR123456785DE", [], ["RR123456785DE"]),
    ("tracking: 9400 1000 0000 0000 0000 00", [], ["9400 1000 0000 0000 0000 00"]),
    ("tracking id TBA123456789012", [], ["TBA123456789012"]),
    ("Amazon 302-1234567-1234567", [], ["302-1234567-1234567"]),
    ("ASIN B08N5WRWNW", [], ["B08N5WRWNW"]),
    ("my invoice INV-0001234567", [], ["INV-0001234567"]),
    ("order ID: A1B2C3D4E5", [], ["A1B2C3D4E5"]),
    ("order nr 12345678901", [], ["12345678901"]),
    ("Bestellung: 305-1234567-8901234", [], ["305-1234567-8901234"]),
    ("purchase order 4500012345", [], ["4500012345"]),
    ("item 12345678 costs 12345", [], ["12345678", "12345"]),
    ("variant 40012345678901", [], ["40012345678901"]),
    ("2024-W12, Q3 2024, H1", [], ["2024-W12"]),
    ("lat/long: 48.8584, 2.2945", [], ["48.8584", "2.2945"]),
    ("48.858370, 2.294481", [], ["48.858370", "2.294481"]),
    ("-33.8688, 151.2093", [], ["-33.8688", "151.2093"]),
    ("v2.10.15.3 crashes", [], ["2.10.15.3"]),
    ("macOS 14.2.1 (23C71)", [], ["14.2.1"]),
    ("about 100 000 000 people", [], ["100 000 000"]),
    ("ref: 555-123-4567", [], ["555-123-4567"]),
    ("100-200-300 mm", [], ["100-200-300"]),
    ("screws 4.0 x 40, pack of 100", [], ["4.0 x 40"]),
    ("Shoe size 42 2/3", [], ["42 2/3"]),
    ("the year 1999 and 2001", [], ["1999", "2001"]),
    ("2019-2020-2021 catalogues", [], ["2019-2020-2021"]),
    ("tyre 225/45 R17 94W", [], ["225/45 R17 94W"]),
    ("resolution 3840 x 2160", [], ["3840 x 2160"]),
    ("Call me when order 1234567890 ships", [], ["1234567890"]),
    ("can you call about invoice 1234567890?", [], ["1234567890"]),
    ("The phone I bought (model 123456789) broke", [], ["123456789"]),
    ("mobile case for 2024 model 98765432", [], ["98765432"]),
    ("Wann kommt 4839201745?", [], ["4839201745"]),
    ("où est 4839201745 ?", [], ["4839201745"]),
    ("Where is 1001234567?", [], ["1001234567"]),
    ("It's W-100234-A", [], ["W-100234-A"]),
    ("where's my stuff? 12345-67890", [], ["12345-67890"]),
    ("Nummer 100234567 bitte", [], ["100234567"]),
    ("code WELCOME10 gives 10%", [], ["WELCOME10"]),
    ("use code WELCOME10", [], ["WELCOME10"]),
    ("code: SAVE20", [], ["SAVE20"]),
    ("my voucher code is 12345678", [], ["12345678"]),
    ("coupon 1234-5678-9012", [], ["1234-5678-9012"]),
    ("Gutscheincode: 48291374", [], ["48291374"]),
    ("code postal 75001", [], ["75001"]),
    ("código postal: 28001", [], ["28001"]),
    ("kod pocztowy 00-950", [], ["00-950"]),
    ("promo-code 482913", [], ["482913"]),
    ("Postleitzahl: 10115", [], ["10115"]),
    ("country code 49 area code 030", [], ["49", "030"]),
    ("article code: 482913", [], ["482913"]),
    ("error code 482913 on checkout", [], ["482913"]),
    ("reset code for my router model 4829", [], ["4829"]),
    ("My email's jane@acme.io, thx", ["jane@acme.io"], []),
    ("e-mail: JANE.DOE@ACME.CO.UK", ["JANE.DOE@ACME.CO.UK"], []),
    ("jane＠acme.io", ["jane＠acme.io"], []),
    ("jane [ät] acme [punkt] de", ["jane [ät] acme [punkt] de"], []),
    ("jane(dot)doe(at)acme(dot)com", ["jane(dot)doe(at)acme(dot)com"], []),
    ("jane_at_acme_dot_com", ["jane_at_acme_dot_com"], []),
    ("jane -at- acme -dot- com", ["jane -at- acme -dot- com"], []),
    ("jane<at>acme.com", ["jane<at>acme.com"], []),
    ("+442079460958", ["+442079460958"], []),
    ("+44 20 7946 0958 ext 12", ["+44 20 7946 0958 ext 12"], []),
    ("call: (555) 123-4567", ["(555) 123-4567"], []),
    ("555.123.4567 ext. 9", ["555.123.4567 ext. 9"], []),
    ("+1 555 123 4567", ["+1 555 123 4567"], []),
    ("0031 6 12345678", ["0031 6 12345678"], []),
    ("+49 (0)89 / 123 45 67", ["+49 (0)89 / 123 45 67"], []),
    ("+49 89 12345-0", ["+49 89 12345-0"], []),
    ("0043 1 5880058", ["0043 1 5880058"], []),
    ("+39 06 698 12345", ["+39 06 698 12345"], []),
    ("+351 21 123 4567", ["+351 21 123 4567"], []),
    ("+48 22 123 45 67", ["+48 22 123 45 67"], []),
    ("(22) 123 45 67", ["(22) 123 45 67"], []),
    ("+380 (44) 123-45-67", ["+380 (44) 123-45-67"], []),
    ("+91-22-12345678", ["+91-22-12345678"], []),
    ("+86-10-12345678", ["+86-10-12345678"], []),
    ("+81 (0)3 1234 5678", ["+81 (0)3 1234 5678"], []),
    ("+61 (0)2 9876 5432", ["+61 (0)2 9876 5432"], []),
    ("mobil 0176 12 34 56 78", ["0176 12 34 56 78"], []),
    ("Handynr. 017612345678", ["017612345678"], []),
    ("Telefonnummer: 030/1234567", ["030/1234567"], []),
    ("numéro de téléphone 01 23 45 67 89", ["01 23 45 67 89"], []),
    ("mon portable est le 0612345678", ["0612345678"], []),
    ("mi teléfono: 91 123 45 67", ["91 123 45 67"], []),
    ("mobiel 06-1234 5678", ["06-1234 5678"], []),
    ("4111 1111 1111 1111 4", ["4111 1111 1111 1111"], []),
    ("my visa 4000-0566-5566-5556", ["4000-0566-5566-5556"], []),
    ("amex 3714 496353 98431", ["3714 496353 98431"], []),
    ("5200 8282 8282 8210", ["5200 8282 8282 8210"], []),
    ("6011 0009 9013 9424", ["6011 0009 9013 9424"], []),
    ("3056 9309 0259 04", ["3056 9309 0259 04"], []),
    ("3566 0020 2036 0505", ["3566 0020 2036 0505"], []),
    ("4242424242424242.", ["4242424242424242"], []),
    ("card no:4242 4242 4242 4242;", ["4242 4242 4242 4242"], []),
    ("4242－4242－4242－4242", ["4242－4242－4242－4242"], []),
    ("SSN: 536 90 4399", ["536 90 4399"], []),
    ("536-90-4399", ["536-90-4399"], []),
    ("my SIN is 130 692 544", ["130 692 544"], []),
    ("Tax ID 12-3456789", ["12-3456789"], []),
    ("steuer id 36 574 261 809", ["36 574 261 809"], []),
    ("36574261809 ist meine Steuer-ID", ["36574261809"], []),
    ("NIR 1 84 12 76 451 089 46", ["1 84 12 76 451 089 46"], []),
    ("nif 54362315K", ["54362315K"], []),
    ("MRTMTT91D08F205J", ["MRTMTT91D08F205J"], []),
    ("bsn-nummer 123456782", ["123456782"], []),
    ("cpf 11144477735", ["11144477735"], []),
    ("111.444.777-35", ["111.444.777-35"], []),
    ("HETU: 010101A123N", ["010101A123N"], []),
    ("AHV 7569217076985", ["7569217076985"], []),
    ("PAN card AAAPL1234C", ["AAAPL1234C"], []),
    ("Aadhaar 4991 1866 5246", ["4991 1866 5246"], []),
    ("NRIC: S8888888C", ["S8888888C"], []),
    ("RRN 850101-1234567", ["850101-1234567"], []),
    ("My number is マイナンバー 123456789018", ["123456789018"], []),
    ("DOB: 01/02/1990", ["01/02/1990"], []),
    ("born on 1990-02-01", ["1990-02-01"], []),
    ("I'm born 1.2.1990", ["1.2.1990"], []),
    ("Geburtsdatum 01.02.90", ["01.02.90"], []),
    ("date de naissance : 1er février 1990", ["1er février 1990"], []),
    ("fecha nacimiento 01-02-1990", ["01-02-1990"], []),
    ("my date of birth is February 1st, 1990", ["February 1st, 1990"], []),
    ("birth date is 1990/02/01", ["1990/02/01"], []),
    ("ich wurde am 1. Februar 1990 geboren", ["1. Februar 1990"], []),
    ("sono nata il 1 febbraio 1990", ["1 febbraio 1990"], []),
    ("Jestem urodzony 1 lutego 1990", ["1 lutego 1990"], []),
    ("my password is P@ssw0rd123", ["P@ssw0rd123"], []),
    ("password is 'letmein'", ["letmein"], []),
    ("pw = letmein1", ["letmein1"], []),
    ("My password was changed to N3wPass!", ["N3wPass!"], []),
    ("Passwort lautet: Geheim123", ["Geheim123"], []),
    ("mot de passe est Soleil2024", ["Soleil2024"], []),
    ("my pwd is qwErty", ["qwErty"], []),
    ("the wifi password is SunnyDay", ["SunnyDay"], []),
    ("password - hunter22", ["hunter22"], []),
    ("verification code: 739201", ["739201"], []),
    ("my OTP is 739 201", ["739 201"], []),
    ("the 6-digit code is 739201", ["739201"], []),
    ("your login code: 7392", ["7392"], []),
    ("SMS-TAN 739201", ["739201"], []),
    ("Mein Code lautet 739201", ["739201"], []),
    ("PIN: 7392", ["7392"], []),
    ("cvv is 739", ["739"], []),
    ("CVC2 739", ["739"], []),
    ("security code on the back is 739", ["739"], []),
    ("2001:db8:85a3::8a2e:370:7334", ["2001:db8:85a3::8a2e:370:7334"], []),
    ("ip: 172.16.254.1", ["172.16.254.1"], []),
    ("::ffff:10.0.0.1", ["::ffff:10.0.0.1"], []),
    ("my IP address is 2a02:8071::1", ["2a02:8071::1"], []),
    ("00-B0-D0-63-C2-26", ["00-B0-D0-63-C2-26"], []),
    ("AKIAI44QH8DHBEXAMPLE", ["AKIAI44QH8DHBEXAMPLE"], []),
    (
        "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUV",
        ["github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUV"],
        [],
    ),
    ("token=ghp_abcdefghijklmnopqrstuvwxyz012345", ["ghp_abcdefghijklmnopqrstuvwxyz012345"], []),
    ("my api key is abcd1234efgh5678ijkl", ["abcd1234efgh5678ijkl"], []),
    ("GB82WEST12345698765432", ["GB82WEST12345698765432"], []),
    ("IBAN: ch93 0076 2011 6238 5295 7", ["ch93 0076 2011 6238 5295 7"], []),
    ("PL61 1090 1014 0000 0712 1981 2874", ["PL61 1090 1014 0000 0712 1981 2874"], []),
    ("My order is 739201", [], ["My order is 739201"]),
    ("order code 739201", [], ["order code 739201"]),
    ("Your 10% code: SPRING10", [], ["Your 10% code: SPRING10"]),
    ("I was born ready", [], ["I was born ready"]),
    ("Tracking number 7392 0173 9201", [], ["Tracking number 7392 0173 9201"]),
    ("pack of 6 codes", [], ["pack of 6 codes"]),
    ("The pass costs 49", [], ["The pass costs 49"]),
    ("season pass 2024", [], ["season pass 2024"]),
    ("The password for the guest page is on the receipt", [], ["The password for the guest page is on the receipt"]),
    ("my password is too short", [], ["my password is too short"]),
    ("password is case sensitive", [], ["password is case sensitive"]),
    ("My password isn't accepted", [], ["My password isn't accepted"]),
    ("I need the security code explained", [], ["I need the security code explained"]),
    ("security code 3 digits?", [], ["security code 3 digits?"]),
    ("PIN pad model 7392", [], ["PIN pad model 7392"]),
    ("Model PIN-7392", [], ["Model PIN-7392"]),
    ("SKU PIN-7392", [], ["SKU PIN-7392"]),
    ("It's 10.2.3 or 10.2.4", [], ["It's 10.2.3 or 10.2.4"]),
    ("upgrade from 1.2.3.4 to 1.2.3.5", [], ["upgrade from 1.2.3.4 to 1.2.3.5"]),
    ("phone number?", [], ["phone number?"]),
    ("My phone is 2 years old", [], ["My phone is 2 years old"]),
    ("my phone weighs 187.5 g", [], ["my phone weighs 187.5 g"]),
    ("mobile 5G 128GB 2023", [], ["mobile 5G 128GB 2023"]),
    ("call 24/7", [], ["call 24/7"]),
    ("Ring 18 mm", [], ["Ring 18 mm"]),
    ("tel. Auskunft", [], ["tel. Auskunft"]),
    ("email?", [], ["email?"]),
    ("E-mail newsletter 2024/12", [], ["E-mail newsletter 2024/12"]),
    ("the date 12.03.2024 suits me", [], ["the date 12.03.2024 suits me"]),
    ("birthday present 30 EUR", [], ["birthday present 30 EUR"]),
    ("born 2 be wild", [], ["born 2 be wild"]),
    ("delivered to 12345 Berlin", [], ["delivered to 12345 Berlin"]),
    ("ZIP 12345-6789", [], ["ZIP 12345-6789"]),
    ("IBAN missing", [], ["IBAN missing"]),
    ("My IBAN?", [], ["My IBAN?"]),
    ("Article 12345.67890", [], ["Article 12345.67890"]),
    ("100.200.300", [], ["100.200.300"]),
    ("300.400.500.600", [], ["300.400.500.600"]),
    ("999.999.999.999", [], ["999.999.999.999"]),
    ("Serial: 1234-5678-9012", [], ["Serial: 1234-5678-9012"]),
    ("License key missing", [], ["License key missing"]),
    ("1-2-3-4", [], ["1-2-3-4"]),
    ("1.2.3.4-beta", [], ["1.2.3.4-beta"]),
    ("2 of 10, 3 of 20", [], ["2 of 10, 3 of 20"]),
    ("item 1/10", [], ["item 1/10"]),
    ("M10 x 1.5 x 40", [], ["M10 x 1.5 x 40"]),
    ("35 x 45 mm passport photo", [], ["35 x 45 mm passport photo"]),
    ("GTIN 04006381333931", [], ["GTIN 04006381333931"]),
    ("UPC: 036000291452", [], ["UPC: 036000291452"]),
    ("036000291452", [], ["036000291452"]),
    ("9780306406157", [], ["9780306406157"]),
    ("0-306-40615-2", [], ["0-306-40615-2"]),
    ("12345-67", [], ["12345-67"]),
    ("EORI DE1234567890123", [], ["EORI DE1234567890123"]),
    ("customs tariff 8471 30 00", [], ["customs tariff 8471 30 00"]),
    ("HS 8471.30.00", [], ["HS 8471.30.00"]),
    ("temperature 36.6", [], ["temperature 36.6"]),
    ("score 10:9", [], ["score 10:9"]),
    ("10:30 Uhr am 24.12.", [], ["10:30 Uhr am 24.12."]),
    ("from 8:00 to 16:30 on 24.12.2024", [], ["from 8:00 to 16:30 on 24.12.2024"]),
    ("3.14159, 2.71828", [], ["3.14159, 2.71828"]),
    ("IMEI: 356938035643809", [], ["IMEI: 356938035643809"]),
]
