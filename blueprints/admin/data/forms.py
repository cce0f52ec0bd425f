"""What is asked about a workspace as a whole."""

from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from web.forms import PlainForm


class ImportForm(PlainForm):
    """A copy that was downloaded here, or elsewhere."""

    file = FileField("The file", validators=[FileRequired("Choose a file that was downloaded here.")])


class DeletionForm(PlainForm):
    """What nobody does by mistake."""

    name = StringField(
        "The name of the workspace",
        validators=[InputRequired("Write its name."), Length(max=200, message="This is not its name.")],
    )
    password = PasswordField("Your password", validators=[InputRequired("Enter your password."), Length(max=1_000)])
