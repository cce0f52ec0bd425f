"""Why a customer token was refused."""


class TokenRefused(ValueError):
    """This token proves nothing.

    Neither attribute ever holds a part of the token, decoded or not, and no other exception hangs on this one:
    an error page, a log or an error tracker that shows all of it shows no secret and no personal data.

    Attributes:
        code: for programs, one of `malformed`, `too_large`, `unsupported_header`, `wrong_algorithm`,
            `unknown_key`, `bad_key`, `bad_signature`, `missing_claim`, `bad_claim`, `bad_subject`, `expired`,
            `not_yet_valid`, `wrong_audience`, `wrong_issuer`.
        reason: for the people who run the website, in sentences that say what to mend.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
