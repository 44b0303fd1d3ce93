"""A template + an event's data + a recipient → what that person would see, per channel. Pure: nothing is read.

    previews = preview(template, person, Scene(data, actor, now), locale="en", tenant=None)

template → the channels that this person gets → a variant → its fields, rendered → a message → facts about it
"""

from nac.preview.rendering import preview, templated
from nac.preview.result import Fact, Preview, Previewed, Reader
from nac.preview.scene import Scene, names_of

__all__ = ["Fact", "Preview", "Previewed", "Reader", "Scene", "names_of", "preview", "templated"]
