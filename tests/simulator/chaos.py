"""The faults of one simulation: rates drawn from the seed, switched off when the calm begins."""

from dataclasses import dataclass, fields
from random import Random


@dataclass
class Chaos:
    """Probabilities; of the named thing at each chance for it."""

    crash: float = 0.0  # at each step of a worker or of the gateway
    freeze: float = 0.0
    log_away: float = 0.0  # an append or read that fails, nothing stored
    answer_lost: float = 0.0  # an append that is stored, and the writer learns nothing
    stored_late: float = 0.0  # an append that is given up and arrives later
    foreign: float = 0.0  # after an append: another writer's event, or bytes that are no event
    duplicate: float = 0.0  # a request delivered once more although somebody has it
    ack_lost: float = 0.0
    interrupt_lost: float = 0.0
    transient: float = 0.0  # an effect or blob that fails for now
    hopeless: float = 0.0  # a run whose every piece of work fails for now
    defect: float = 0.0  # an effect that raises what nobody expects
    permanent: float = 0.0  # an effect that can never work
    clock_jump: float = 0.0  # of a new process: its clock is off
    slow: float = 0.0  # a call that takes long
    commit_cut: float = 0.0  # a commit whose connection to the database is cut, before it counts or after

    def calm(self) -> None:
        """Nothing goes wrong any more."""
        for field in fields(self):
            setattr(self, field.name, 0.0)


_MOST = Chaos(
    crash=0.004, freeze=0.002, log_away=0.06, answer_lost=0.1, stored_late=0.04, foreign=0.4, duplicate=0.5,
    ack_lost=0.2, interrupt_lost=0.5, transient=0.08, hopeless=0.4, defect=0.02, permanent=0.01,
    clock_jump=0.3, slow=0.1, commit_cut=0.1,
)  # fmt: skip


def draw_chaos(random: Random) -> Chaos:
    """Some of the faults, each at a rate of its own; one seed in ten has none, so that the plain way is seen too."""
    chaos = Chaos()
    if random.random() < 0.1:
        return chaos
    for field in fields(chaos):
        if random.random() < 0.45:
            setattr(chaos, field.name, getattr(_MOST, field.name) * random.choice((0.2, 0.5, 1.0)))
    return chaos
