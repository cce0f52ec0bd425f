"""Everything that the app imports only when it is made, for processes that are forked from one that has done so."""

import importlib
import pkgutil

import blueprints

for _module in pkgutil.walk_packages(blueprints.__path__, "blueprints."):
    importlib.import_module(_module.name)
