"""What the owner of a site pastes, to the letter of design.md 5.3."""

from dataclasses import dataclass

_INLINE = 'title="Chat with us" style="width:100%;height:640px;border:0"'


@dataclass(frozen=True)
class Snippets:
    agent: str
    """The agent's public id."""
    origin: str
    """Where Porchlight is served."""

    @property
    def bubble(self) -> str:
        return f'<script async src="{self.loader}"></script>'

    @property
    def inline(self) -> str:
        return f'<iframe src="{self.origin}/widget/{self.agent}?mode=inline" {_INLINE}></iframe>'

    @property
    def link(self) -> str:
        return f"{self.origin}/chat/{self.agent}"

    @property
    def loader(self) -> str:
        """The address of the launcher's script."""
        return f"{self.origin}/widget/{self.agent}.js"
