"""The task of the model for a document. Pure."""

ANALYSIS = (
    "Read the numbered document and say what it is and what it teaches. List a term only if a sentence defines it, and "
    "give that sentence's number. List up to three objectives a section, at most eight; each begins with a verb that a "
    "learner can be tested on (Use, Explain, Predict, Compare, …), and names its subject with the word the document "
    "uses. `prerequisites`: what a reader must know before."
)
