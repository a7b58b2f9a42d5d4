"""Whatever staff do in whatever order, no word is lost and what is shown follows from the printed rule."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.casebook.trial import Trial


class Casebook(RuleBasedStateMachine):
    """Sequences of weighted operations, held against the model at every run."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.trial = Trial(self.folder, lambda sides: 0)

    @rule(data=st.data())
    def act(self, data):
        self.trial.dice = lambda sides: data.draw(st.integers(0, sides - 1))
        self.trial.act()

    def teardown(self):
        self.trial.dice = lambda sides: 0
        try:
            self.trial.run()
        finally:
            shutil.rmtree(self.folder)


TestCasebook = Casebook.TestCase
TestCasebook.settings = settings(max_examples=25, stateful_step_count=40, deadline=None, derandomize=True)
