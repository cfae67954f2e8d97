"""What the room offers to the roof."""

from openpbc.synth.commands import synth

COMMANDS = [synth]
