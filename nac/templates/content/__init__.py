"""What the vendor's files of a template may say: the envelope of a variant, the content of each channel, template.json.

The models accept what the vendor's JSON Schemas accept and refuse what those refuse; a test holds them side by side.
"""

from nac.templates.content.template_file import MAIN_FILE, TEMPLATE_FILE
from nac.templates.content.variant import CONTENT, VARIANTS

__all__ = ["CONTENT", "MAIN_FILE", "TEMPLATE_FILE", "VARIANTS"]
