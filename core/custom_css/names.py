"""The names of the chat that a sheet may rely on: classes, marks and custom properties that stay what they are.

The editor completes them, docs/customizing.md lists them, and a test holds that the chat has them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class StableName:
    name: str
    """As it stands in a sheet, like `.bubble` or `--radius`."""
    meaning: str


def _read(listed: str) -> tuple[StableName, ...]:
    """A name and what it means in each line."""
    lines = (line.strip().partition(" ") for line in listed.strip().splitlines())
    return tuple(StableName(name, meaning.strip()) for name, _space, meaning in lines)


SELECTORS = _read(
    """
    .top                        the header
    .title                      name and status in the header
    .menu                       the menu of the header
    .menu-items                 what opens below it
    .face                       the agent’s picture
    .thread                     the conversation, which scrolls
    .intro                      what stands above the first message
    .greeting                   the greeting
    .questions                  the first questions to choose from
    .messages                   all messages
    .message                    one message with all that belongs to it
    .avatar                     the small picture beside a message
    .body                       everything of a message but its picture
    .byline                     who wrote it, and when
    .bubble                     its words
    .sources                    where an answer comes from
    .note                       whether it has arrived
    .choices                    what can be chosen below an answer
    .typing                     somebody is writing
    .strip                      a line of news above the field
    .pill                       the way to new messages below
    #composer                   the field and its buttons
    [data-from=customer]        messages of the customer
    [data-from=agent]           messages of the agent
    [data-from=person]          messages of a person
    [data-from=system]          notes in between
    [data-state=sending]        on its way
    [data-state=failed]         could not be sent
    [data-state=streaming]      still being written
    """
)
PROPERTIES = _read(
    """
    --paper                     behind the messages
    --surface                   the agent’s bubbles, the header and the field
    --ink                       words
    --soft                      quieter words
    --line                      thin lines
    --edge                      the edge of fields and buttons
    --fill                      the accent colour
    --on-fill                   words on it
    --said                      the customer’s bubbles
    --on-said                   words in them
    --head                      the header
    --on-head                   words in it
    --face                      behind the agent’s letter
    --on-face                   that letter
    --shade                     shadows
    --radius                    round corners
    --gap                       the space at the sides
    --font                      letters
    --size                      the size of words
    """
)
