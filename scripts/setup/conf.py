"""Write a configuration that starts from odoo.conf and changes what is named.

usage: conf.py FROM TO key=value...
"""

import configparser
import io
import pathlib
import sys

source, target, *changes = sys.argv[1:]
conf = configparser.RawConfigParser()
conf.read([source], encoding="utf-8")
for change in changes:
    key, _, value = change.partition("=")
    conf["options"][key] = value
text = io.StringIO()
conf.write(text)
path = pathlib.Path(target)
if not path.exists() or path.read_text(encoding="utf-8") != text.getvalue():
    path.write_text(text.getvalue(), encoding="utf-8")
