"""The task of the model for a document. Pure."""

ANALYSIS = (
    "Say what the document is. List terms that a sentence or table row defines, and the most useful objectives: a verb "
    "a learner can be tested on (Use, Predict, Choose, …), and the document's word for its subject."
)
