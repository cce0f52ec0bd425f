"""What the forms of all features share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, abort, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import EmailField, Field, FileField, MultipleFileField, StringField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError

from core.errors import Conflict, DomainError, Invalid
from core.texts import clean_line


def take_fields_only(app: Flask) -> None:
    """Refuse JSON where a page's form belongs: flask-wtf would read it, and its values need not be text."""

    @app.before_request
    def refuse_json() -> None:
        if request.is_json and not request.path.startswith(("/api/", "/inbound/")):
            abort(415)


class PlainForm(FlaskForm):  # type: ignore[misc]
    """A form of a page. What comes as a file where text belongs is no text: it counts as not sent."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            sent = super().wrap_formdata(form, formdata)
            if not isinstance(sent, CombinedMultiDict):
                return sent
            takes = {name for name, field in form._fields.items() if isinstance(field, FileField | MultipleFileField)}
            files = MultiDict((name, file) for name, file in request.files.items(multi=True) if name in takes)
            return CombinedMultiDict((files, request.form))


@contextmanager
def told_at_the_field() -> Iterator[None]:
    """Show a refusal of the core beside the field that is being checked."""
    try:
        yield
    except DomainError as refusal:
        raise ValidationError(refusal.message) from None


class RefusalsAt:
    """Notes a refusal of the core at the field that it is about, or at the form; what follows shows the form again."""

    def __init__(self, place: BaseForm | Field) -> None:
        self._place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, refusal: BaseException | None, trace: object) -> bool:
        if not isinstance(refusal, Invalid | Conflict):
            return False
        if isinstance(self._place, BaseForm):
            self._place.form_errors.append(refusal.message)
        else:
            self._place.errors = [refusal.message]
        return True


class WholeOrEmpty(Optional):  # type: ignore[misc]
    """Lets an empty field be, and says in our words when something else than a number stands there."""

    def __init__(self, problem: str) -> None:
        super().__init__()
        self._problem = problem

    def __call__(self, form: Any, field: Any) -> None:
        if field.process_errors:
            field.process_errors = [self._problem]
        super().__call__(form, field)


def name_field(label: str = "Your name") -> Any:
    return StringField(
        label,
        filters=[_on_one_line],
        validators=[DataRequired("Write your name."), Length(max=120, message="Use at most 120 letters.")],
    )


def email_field(label: str = "E-mail") -> Any:
    return EmailField(
        label,
        filters=[_on_one_line],
        validators=[
            DataRequired("Write the e-mail address."),
            Length(max=254, message="This e-mail address is too long."),
            Email("This does not look like an e-mail address. It should be like name@example.com."),
        ],
    )


def code_field(label: str = "Code of your app") -> Any:
    return StringField(label, validators=[InputRequired("Write the code that your app shows."), Length(max=20)])


def recovery_code_field() -> Any:
    return StringField("Recovery code", validators=[InputRequired("Write one of your recovery codes."), Length(max=60)])


def _on_one_line(text: str | None) -> str | None:
    return clean_line(text) if text else text
