"""Which kinds of personal data are told apart."""

import enum


class Kind(enum.StrEnum):
    """A kind of personal data; also the word in its mark, as in `[email]`."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    NATIONAL_ID = "national_id"
    IP = "ip"
    MAC = "mac"
    BIRTH_DATE = "birth_date"
    PASSWORD = "password"  # noqa: S105 - a word, no secret
    CODE = "code"
    SECRET = "secret"  # noqa: S105 - a word, no secret
