"""The task of the model for a document. Pure."""

ANALYSIS = (
    "Say what the numbered document is and what it teaches. List a term only if a sentence defines it. "
    "List up to three objectives a section; each begins with a verb a learner can be tested on (Use, Explain, "
    "Predict, …) and names its subject with the document's word."
)
