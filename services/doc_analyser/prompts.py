"""The task of the model for a document. Pure."""

ANALYSIS = (
    "Say what the document is. List terms that a sentence or table row defines (a setting or an error may be one), "
    "and the most useful objectives: a verb a learner can be tested on (Use, Predict, Choose, Find), the document's "
    "word for its subject, and what is given: “Predict how often a job runs, given `retries`”."
)
