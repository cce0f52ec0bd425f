"""The sections of the customizer, each with its fields and the way between them and the settings.

A section is a module with
- `Fields`, the fields of its form,
- `settings_of(form)`, what was sent, in the form of `WidgetConfig.as_settings`,
- `values_of(config)`, what stands in its fields for a look,
- `PROBLEMS`, the names of the parts (as `core.widget_configs.check` names them) that a sentence may stand beside,
- where it has lists, `arrange(form)`, which does to them what a pressed button says.
"""

from blueprints.admin.customizer.sections import (
    before_chat,
    brand,
    css,
    features,
    greetings,
    hours,
    launcher,
    theme,
    triggers,
    words,
)

SECTIONS = (words, theme, brand, launcher, greetings, hours, triggers, before_chat, features, css)
SECTIONS_WITH_LISTS = (greetings, hours, triggers)
