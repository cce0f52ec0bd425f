"""What is asked of somebody who adds a source, or changes one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, ValidationError

from core.sources.handing_in import LONGEST_TEXT, HandedIn
from core.sources.rules import EVERY_HOURS, MOST_PAGES, USUAL_PAGES, WEB, Rules
from models.knowledge import Source, SourceKind
from web.forms import PlainForm

_DAY, _WEEK, _MONTH = EVERY_HOURS
_OFTEN = [
    SelectChoice("", "Only when I ask for it"),
    SelectChoice(str(_DAY), "Every day"),
    SelectChoice(str(_WEEK), "Every week"),
    SelectChoice(str(_MONTH), "Every month"),
]
_ADDRESS_NEEDED = "Write the address as it stands in the browser."


class SourceForm(PlainForm):
    """What all sources have."""

    title = StringField("Name", validators=[Length(max=200, message="Use at most 200 characters.")])


class PageForm(SourceForm):
    """One page of a website."""

    address = StringField(
        "Address of the page", validators=[DataRequired(_ADDRESS_NEEDED), Length(max=2000, message="This is too long.")]
    )
    read_every = SelectField("Read it again", choices=_OFTEN, default=str(_WEEK))

    @property
    def hours(self) -> int | None:
        return int(self.read_every.data) if self.read_every.data else None

    def rules(self) -> Rules:
        return Rules()


class SiteForm(PageForm):
    """A whole website."""

    address = StringField(
        "Address of the website",
        validators=[DataRequired(_ADDRESS_NEEDED), Length(max=2000, message="This is too long.")],
    )
    include = TextAreaField("Only these pages", validators=[Length(max=5000, message="This is too long.")])
    exclude = TextAreaField("Leave these out", validators=[Length(max=5000, message="This is too long.")])
    most_pages = IntegerField(
        "At most so many pages",
        default=USUAL_PAGES,
        validators=[NumberRange(1, MOST_PAGES, message=f"Write a number from 1 to {MOST_PAGES:,}.")],
    )

    def rules(self) -> Rules:
        return Rules(_lines(self.include.data), _lines(self.exclude.data), self.most_pages.data or USUAL_PAGES)


class SitemapForm(SiteForm):
    """The pages that a sitemap names."""

    address = StringField(
        "Address of the sitemap",
        validators=[DataRequired(_ADDRESS_NEEDED), Length(max=2000, message="This is too long.")],
    )


class FileForm(SourceForm):
    """A file."""

    file = FileField("The file")

    def validate_file(self, field: FileField) -> None:
        if not field.data or not field.data.filename:
            raise ValidationError("Choose a file.")

    def handed_in(self) -> HandedIn:
        return HandedIn(self.file.data.read(), self.file.data.filename)


class NewerFileForm(SourceForm):
    """A file that is there already, and perhaps a newer version of it."""

    newer = FileField("A newer version")

    def handed_in(self) -> HandedIn | None:
        chosen = self.newer.data
        return HandedIn(chosen.read(), chosen.filename) if chosen and chosen.filename else None


class TextForm(SourceForm):
    """A text that somebody pastes."""

    title = StringField(
        "Name",
        validators=[DataRequired("Give the text a name."), Length(max=200, message="Use at most 200 characters.")],
    )
    text = TextAreaField(
        "Text",
        filters=[lambda text: text.replace("\r\n", "\n") if text else text],
        validators=[
            DataRequired("Paste the text."),
            Length(
                max=LONGEST_TEXT, message=f"Use at most {LONGEST_TEXT:,} characters, or save it as a file and add that."
            ),
        ],
    )


FORMS: Mapping[SourceKind, type[SourceForm]] = MappingProxyType(
    {
        SourceKind.SITE: SiteForm,
        SourceKind.PAGE: PageForm,
        SourceKind.SITEMAP: SitemapForm,
        SourceKind.FILE: FileForm,
        SourceKind.TEXT: TextForm,
    }
)


def change_form(source: Source, text: str) -> SourceForm:
    """The form that changes a source, filled with what it is now; the address stays what it is."""
    form = (FORMS[source.kind] if source.kind != SourceKind.FILE else NewerFileForm)(**_now(source, text))
    if "address" in form:
        del form["address"]
    return form


def _now(source: Source, text: str) -> dict[str, Any]:
    if source.kind not in WEB:
        return {"title": source.title, "text": text}
    rules = Rules.of(source)
    return {
        "title": source.title,
        "read_every": str(source.read_every_hours or ""),
        "include": "\n".join(rules.include),
        "exclude": "\n".join(rules.exclude),
        "most_pages": rules.most_pages,
    }


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (line.strip() for line in (text or "").splitlines())))
