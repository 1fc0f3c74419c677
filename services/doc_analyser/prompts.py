"""The task of the model for a document. Pure."""

ANALYSIS = (
    "Read the numbered document and say what it is and what it teaches. A term stands in the sentence that defines it. "
    "Three to six objectives, each beginning with a verb a learner can be tested on (Define, Explain, Use, Compare, "
    "…), in the words of the heading or concept it is about. `prerequisites`: what a reader must know before."
)
