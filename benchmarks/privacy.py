"""How much personal data `core.privacy.mask` finds, and how often it masks what is none.

Run `python -m benchmarks.privacy [seed] [rounds]`. The texts are made with faker in 20 locales; each is one sentence
with one value, in the words of the locale where a kind needs words. A value counts as found when no stretch of it that
could tell it is left in the masked text. Telephone numbers are made once more with no word that speaks of one.
"""

import random
import string
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

from faker import Faker

from core.privacy import mask

LOCALES = [
    "en_US",
    "en_GB",
    "en_CA",
    "en_AU",
    "de_DE",
    "de_AT",
    "de_CH",
    "fr_FR",
    "es_ES",
    "es_MX",
    "it_IT",
    "nl_NL",
    "pl_PL",
    "pt_BR",
    "pt_PT",
    "sv_SE",
    "da_DK",
    "tr_TR",
    "ru_RU",
    "ja_JP",
]
PHRASES = {
    "phone": {
        "en": ["Call me at {}", "My phone number is {}.", "Tel: {}"],
        "de": ["Meine Telefonnummer ist {}.", "Rufen Sie mich an: {}", "Handy {}"],
        "fr": ["Mon numéro est le {}.", "Téléphone : {}"],
        "es": ["Mi teléfono es {}.", "Llámame al {}", "Móvil: {}"],
        "it": ["Il mio cellulare è {}.", "Telefono: {}"],
        "nl": ["Mijn telefoonnummer is {}.", "Mobiel: {}"],
        "pl": ["Mój numer telefonu to {}.", "Tel. {}"],
        "pt": ["O meu telefone é {}.", "Telemóvel: {}", "Celular: {}"],
        "sv": ["Mitt telefonnummer är {}.", "Ring {}"],
        "da": ["Mit telefonnummer er {}.", "Tlf.: {}"],
        "tr": ["Telefon numaram {}.", "Cep: {}"],
        "ru": ["Мой телефон {}.", "Тел.: {}"],
        "ja": ["電話番号は{}です。", "電話：{}"],
    },
    "birth_date": {
        "en": ["I was born on {}.", "Date of birth: {}", "DOB {}"],
        "de": ["Ich bin am {} geboren.", "Geburtsdatum: {}"],
        "fr": ["Je suis né le {}.", "Date de naissance : {}"],
        "es": ["Nací el {}.", "Fecha de nacimiento: {}"],
        "it": ["Sono nato il {}.", "Data di nascita: {}"],
        "nl": ["Ik ben geboren op {}.", "Geboortedatum: {}"],
        "pl": ["Data urodzenia: {}", "Urodzony {}"],
        "pt": ["Nasci em {}.", "Data de nascimento: {}"],
        "sv": ["Jag är född {}.", "Födelsedatum: {}"],
        "da": ["Jeg er født {}.", "Fødselsdato: {}"],
        "tr": ["Doğum tarihim {}.", "Doğum tarihi: {}"],
        "ru": ["Дата рождения: {}", "Я родился {}."],
        "ja": ["生年月日：{}", "生年月日は{}です"],
    },
    "national_id": {
        "en": ["My SSN is {}", "National insurance number: {}", "Passport number {}"],
        "de": ["Meine Steuer-ID ist {}.", "Personalausweisnummer: {}"],
        "fr": ["Numéro de sécurité sociale : {}"],
        "es": ["Mi DNI es {}", "DNI: {}"],
        "it": ["Codice fiscale: {}"],
        "nl": ["Mijn BSN is {}."],
        "pl": ["PESEL: {}", "Mój PESEL to {}"],
        "pt": ["CPF: {}", "Meu CPF é {}"],
        "sv": ["Personnummer: {}"],
        "da": ["Mit CPR-nummer er {}"],
        "tr": ["TC kimlik no: {}"],
        "ru": ["СНИЛС: {}", "Паспорт: {}"],
        "ja": ["マイナンバー：{}"],
    },
    "password": {
        "en": ["My password is {}", "password: {}", "pwd={}"],
        "de": ["Mein Passwort ist {}", "Kennwort: {}"],
        "fr": ["Mon mot de passe est {}", "Mot de passe : {}"],
        "es": ["Mi contraseña es {}", "Contraseña: {}"],
        "it": ["La mia password è {}"],
        "nl": ["Mijn wachtwoord is {}"],
        "pl": ["Moje hasło to {}", "Hasło: {}"],
        "pt": ["Minha senha é {}", "Senha: {}"],
        "sv": ["Mitt lösenord är {}"],
        "da": ["Min adgangskode er {}"],
        "tr": ["Şifrem: {}"],
        "ru": ["Мой пароль: {}"],
        "ja": ["パスワードは {}"],
    },
    "code": {
        "en": ["Your verification code is {}", "OTP: {}", "{} is your security code", "My PIN is {}"],
        "de": ["Ihr Bestätigungscode lautet {}", "{} ist Ihr Sicherheitscode"],
        "fr": ["Votre code de vérification est {}"],
        "es": ["Tu código de verificación es {}"],
        "it": ["Il codice di verifica è {}"],
        "nl": ["Uw verificatiecode is {}"],
        "pl": ["Kod weryfikacyjny: {}"],
        "pt": ["O seu código de verificação é {}"],
        "sv": ["Din verifieringskod är {}"],
        "da": ["Din engangskode er {}"],
        "tr": ["Doğrulama kodu: {}"],
        "ru": ["Код подтверждения: {}"],
        "ja": ["認証コード：{}"],
    },
}
PLAIN = ["{}", "Here it is: {}.", "{}, thanks!", "Hi, {} please", "({})", "First line\n{}\nlast line"]


def personal(seed: int, rounds: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield kind, locale, text and the value in it."""
    chance = random.Random(seed)
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(seed)
        for kind, make in _makers(fake, chance).items():
            phrases = PHRASES.get(kind, {}).get(locale[:2], PLAIN) if kind != "international phone" else PLAIN
            for _ in range(rounds):
                value = make()
                yield kind, locale, chance.choice(phrases).format(value), value


def bare_phones(seed: int, rounds: int) -> Iterator[tuple[str, str, str]]:
    """Yield locale, text and number: national forms with nothing beside them that says what they are."""
    chance = random.Random(seed)
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(seed)
        for _ in range(rounds):
            number = fake.phone_number()
            yield locale, chance.choice(PLAIN).format(number), number


def _makers(fake: Faker, chance: random.Random) -> dict[str, Callable[[], str]]:
    cards = Faker("en_US")  # Some locales know fewer issuers.
    cards.seed_instance(chance.random())

    def digits(count: int) -> str:
        return "".join(chance.choices(string.digits, k=count))

    def any_card() -> str:
        return next(number for number in iter(cards.credit_card_number, "") if len(number) >= 13)

    def grouped_card() -> str:
        number = cards.credit_card_number("visa16")
        return chance.choice([" ", "-", ""]).join(number[at : at + 4] for at in range(0, 16, 4))

    def iban() -> str:
        number = fake.iban()
        return number if chance.random() < 0.5 else " ".join(number[at : at + 4] for at in range(0, len(number), 4))

    def password() -> str:
        return fake.password(length=chance.randint(8, 16), special_chars=chance.random() < 0.5)

    return {
        "email": fake.email,
        "phone": fake.phone_number,
        "international phone": lambda: (
            f"+{chance.choice([44, 49, 33, 39, 34, 31, 48])} {digits(3)} {digits(3)} {digits(4)}"
        ),
        "card": lambda: chance.choice([any_card(), grouped_card()]),
        "iban": iban,
        "national_id": fake.ssn,
        "ip": lambda: chance.choice([fake.ipv4(), fake.ipv6()]),
        "mac": fake.mac_address,
        "birth_date": lambda: fake.date_of_birth().strftime(
            chance.choice(["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%y"])
        ),
        "password": password,
        "code": lambda: digits(chance.choice([4, 6, 6, 8])),
        "secret": lambda: (
            chance.choice(["sk_live_", "ghp_", "glpat-"])
            + "".join(chance.choices(string.ascii_letters + string.digits, k=36))
        ),
    }


def ordinary(seed: int, rounds: int) -> Iterator[tuple[str, str]]:
    """Yield what must stay: its kind and the text."""
    chance = random.Random(seed)

    def digits(count: int) -> str:
        return str(chance.randint(1, 9)) + "".join(chance.choices(string.digits, k=count - 1))

    makers: dict[str, Callable[[], str]] = {
        "order": lambda: chance.choice(
            ["Order #{}", "my order {}", "Bestellung {}", "commande n° {}", "pedido {}", "#W{}"]
        ).format(digits(chance.randint(5, 11))),
        "order with a part": lambda: f"Where is {digits(5)}-{chance.randint(1, 9)}?",
        "price": lambda: chance.choice(
            [
                f"${digits(2)}.99",
                f"{digits(1)}.{digits(3)},50 €",
                f"USD {digits(4)}",
                f"{digits(5)} Ft",
                f"¥{digits(5)}",
            ]
        ),
        "date": lambda: (
            f"delivered on {chance.randint(1, 28):02}.{chance.randint(1, 12):02}.{chance.randint(2019, 2026)}"
        ),
        "iso date": lambda: (
            f"since {chance.randint(2019, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02} 10:30"
        ),
        "UPS": lambda: f"tracking 1Z{''.join(chance.choices(string.ascii_uppercase + string.digits, k=6))}{digits(10)}",
        "USPS": lambda: f"It says 94{digits(20)}",
        "DHL": lambda: f"Sendungsnummer {digits(20)}",
        "post": lambda: f"RR{digits(9)}DE is still on its way",
        "version": lambda: (
            f"version {chance.randint(1, 20)}.{chance.randint(0, 20)}.{chance.randint(0, 99)}.{chance.randint(0, 9)}"
        ),
        "SKU": lambda: (
            f"the {''.join(chance.choices(string.ascii_uppercase, k=3))}-{digits(4)}-{chance.choice('SMLX')} in blue"
        ),
        "ISBN": lambda: f"ISBN 978-3-16-{digits(6)}-0",
        "EAN": lambda: f"EAN {digits(13)}",
        "quantity": lambda: f"I need {digits(chance.randint(1, 4))} pieces of {digits(2)} x {digits(2)} cm",
        "year": lambda: f"the {chance.randint(1950, 2026)}/{chance.randint(10, 99)} edition",
        "password talk": lambda: chance.choice(
            ["I forgot my password", "my password is wrong", "password reset please", "das Passwort ist falsch"]
        ),
        "code talk": lambda: chance.choice(
            ["promo code SAVE{}", "error code {}", "discount code {}", "postal code {}"]
        ).format(digits(5)),
        "phone talk": lambda: f"a phone with {digits(3)} GB for {digits(3)}.00",
        "bare order number": lambda: f"Where is {digits(chance.randint(6, 10))}?",
        "EAN with its check digit": lambda: chance.choice(["{}", "EAN {}", "article {} please"]).format(
            _with_check_digit(digits(12))
        ),
        "DHL and others": lambda: chance.choice(
            ["JJD{}", "my DHL parcel {}", "GLS {}", "DPD {}", "tracking number {}", "FedEx {}"]
        ).format(digits(12)),
        "coordinates": lambda: (
            f"{chance.uniform(-90, 90):.{chance.randint(4, 6)}f}, {chance.uniform(-180, 180):.{chance.randint(4, 6)}f}"
        ),
        "time": lambda: f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}",
        "size": lambda: chance.choice(
            ["{} x {} x {} cm", "{}/{} R{}", "size {} or {}, {} pieces", "{}x{} px, {} dpi"]
        ).format(*(digits(chance.randint(2, 3)) for _ in range(3))),
        "thousands": lambda: chance.choice(["{} {} {}", "{}.{}.{}", "{},{},{}"]).format(*(digits(3) for _ in range(3))),
        "number of a case": lambda: chance.choice(
            ["invoice {}", "Rechnung {}", "ticket {}", "customer number {}", "RMA {}", "reference {}"]
        ).format(digits(chance.randint(7, 12))),
        "opening hours": lambda: f"open 9:00-17:{digits(2)}, Mon-Fri",
        "id": lambda: f"product {digits(chance.randint(8, 13))}",
    }
    for kind, make in makers.items():
        for _ in range(rounds):
            yield kind, make()


def _with_check_digit(number: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(number))
    return f"{number}{-total % 10}"


def slowest(letters: int = 4_000) -> tuple[float, str]:
    """The seconds that the worst of a message full of one piece takes, and that piece."""
    pieces = [
        "1 2 3 4 5 6 7 8 9 ",
        "0171 2345678 ",
        "(030) 12345678",
        "D.O.B.: 12-03-85 ",
        "4111 ",
        "a@",
        "a at b dot ",
    ]
    pieces += [
        "password is ",
        "code ",
        "DE89 ",
        "1.1.1.1 ",
        "::",
        "SSN ",
        "12.345.678/0001 ",
        "eyJaaaaaaaaa.",
        "x",
        "\u0663 ",
    ]
    timed = []
    for piece in pieces:
        started = time.process_time()
        mask((piece * letters)[:letters])
        timed.append((time.process_time() - started, piece))
    return max(timed)


def is_left(value: str, masked: str) -> bool:
    """Whether a telling part of the value can still be read."""
    return any(part in masked for part in (value, *[value[at : at + 6] for at in range(len(value) - 5)]))


def main(seed: int = 1, rounds: int = 40) -> None:
    """Print recall for each kind, and the share of ordinary texts that were changed."""
    missed, seen, named = Counter[str](), Counter[str](), Counter[str]()
    for kind, locale, text, value in personal(seed, rounds):
        masked = mask(text)
        seen[kind] += 1
        named[kind] += any(span.kind == kind.rpartition(" ")[2] for span in masked.spans)
        if is_left(value, masked.text):
            missed[kind] += 1
            if missed[kind] <= 5:
                print(f"  missed {kind} ({locale}): {text!r} → {masked.text!r}")
    print(f"{'kind':22} {'texts':>6} {'found':>8} {'named so':>9}")
    for kind, count in seen.items():
        print(f"{kind:22} {count:6} {1 - missed[kind] / count:8.2%} {named[kind] / count:9.2%}")
    numbers = list(bare_phones(seed, rounds))
    left = [number for _locale, text, number in numbers if is_left(number, mask(text).text)]
    print(f"{'phone, with no word':22} {len(numbers):6} {1 - len(left) / len(numbers):8.2%}")
    changed, all_texts = Counter[str](), 0
    started = time.perf_counter()
    for kind, text in ordinary(seed, rounds * 5):
        all_texts += 1
        masked = mask(text)
        if masked.spans:
            changed[kind] += 1
            if changed[kind] <= 3:
                print(f"  false {kind}: {text!r} → {masked.text!r}")
    seconds = time.perf_counter() - started
    print(
        f"false masks: {sum(changed.values())} of {all_texts} ({sum(changed.values()) / all_texts:.2%}) {dict(changed)}"
    )
    print(f"{seconds / all_texts * 1000:.2f} ms for each ordinary text")
    worst, piece = slowest()
    print(f"{worst * 1000:.0f} ms for the worst 4,000 letters, full of {piece!r}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
