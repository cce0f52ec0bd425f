"""HTTP, one folder a feature."""

from flask import Flask


def register_blueprints(app: Flask) -> None:
    from blueprints.admin import admin_blueprints
    from blueprints.agent_profile.routes import bp as agent_profile
    from blueprints.api import bp as api
    from blueprints.auth.routes import bp as auth
    from blueprints.demo.routes import bp as demo
    from blueprints.handovers.routes import bp as handovers
    from blueprints.inbound.routes import bp as inbound
    from blueprints.letters.routes import bp as letters
    from blueprints.widget import widget_blueprints

    own = (agent_profile, api, auth, demo, handovers, inbound, letters)
    for blueprint in (*own, *admin_blueprints(), *widget_blueprints()):
        app.register_blueprint(blueprint)
