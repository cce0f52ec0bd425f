"""What teammates use. Every route says which permission it requires."""

from flask import Blueprint


def admin_blueprints() -> list[Blueprint]:
    from blueprints.admin.account.routes import bp as account
    from blueprints.admin.agents.routes import bp as agents
    from blueprints.admin.answering.routes import bp as answering
    from blueprints.admin.api_keys import bp as api_keys
    from blueprints.admin.audit.routes import bp as audit
    from blueprints.admin.canned_replies.routes import bp as canned_replies
    from blueprints.admin.confirmation.routes import bp as confirmation
    from blueprints.admin.connections.routes import bp as connections
    from blueprints.admin.conversations import bp as conversations
    from blueprints.admin.customers import bp as customers
    from blueprints.admin.customizer import bp as customizer
    from blueprints.admin.data.routes import bp as data
    from blueprints.admin.deploy import bp as deploy
    from blueprints.admin.knowledge.routes import bp as knowledge
    from blueprints.admin.language_models.routes import bp as language_models
    from blueprints.admin.mail.routes import bp as mail
    from blueprints.admin.notifications import bp as notifications
    from blueprints.admin.people.routes import bp as people
    from blueprints.admin.presence import bp as presence
    from blueprints.admin.privacy.routes import bp as privacy
    from blueprints.admin.protection import blocked, protection, visitor_blocks
    from blueprints.admin.ratings import bp as ratings
    from blueprints.admin.rooms import bp as rooms
    from blueprints.admin.routing import bp as routing
    from blueprints.admin.sign_in import bp as sign_in
    from blueprints.admin.sources import bp as sources
    from blueprints.admin.tags.routes import bp as tags
    from blueprints.admin.targets import bp as targets
    from blueprints.admin.team.routes import bp as team
    from blueprints.admin.team.settings_routes import bp as settings
    from blueprints.admin.teams import bp as teams
    from blueprints.admin.webhooks import bp as webhooks
    from blueprints.admin.websites.routes import bp as websites

    return [
        account,
        agents,
        answering,
        api_keys,
        audit,
        canned_replies,
        confirmation,
        connections,
        conversations,
        customers,
        customizer,
        data,
        deploy,
        knowledge,
        language_models,
        mail,
        sign_in,
        sources,
        tags,
        team,
        settings,
        people,
        presence,
        notifications,
        webhooks,
        websites,
        privacy,
        protection,
        ratings,
        rooms,
        routing,
        targets,
        teams,
        blocked,
        visitor_blocks,
    ]
