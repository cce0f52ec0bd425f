"""What customers use. Every route is public and answers for itself by the signed session token."""

from flask import Blueprint


def widget_blueprints() -> list[Blueprint]:
    from blueprints.widget.api import bp as api
    from blueprints.widget.attachments import bp as attachments
    from blueprints.widget.card_pictures import bp as card_pictures
    from blueprints.widget.frame import bp as frame
    from blueprints.widget.languages import bp as words
    from blueprints.widget.link_previews import bp as link_previews
    from blueprints.widget.loader import bp as loader
    from blueprints.widget.own_data import bp as own_data
    from blueprints.widget.pictures import bp as pictures
    from blueprints.widget.previews import bp as previews
    from blueprints.widget.rules import bp as rules
    from blueprints.widget.session_api import bp as session_api
    from blueprints.widget.shop_sign_ins import bp as shop_sign_ins
    from blueprints.widget.tracking import bp as tracking
    from blueprints.widget.transcripts import bp as transcripts
    from blueprints.widget.without_script import bp as without_script

    return [
        api,
        attachments,
        card_pictures,
        frame,
        link_previews,
        loader,
        own_data,
        pictures,
        previews,
        rules,
        session_api,
        shop_sign_ins,
        tracking,
        transcripts,
        without_script,
        words,
    ]
