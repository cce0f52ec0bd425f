"""What gunicorn runs."""

from app import create_app
from web.schema import upgrade

app = create_app()
upgrade(app)
