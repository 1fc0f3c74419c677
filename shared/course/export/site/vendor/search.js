// The part of the libraries that the search of a course uses.
export { default as MiniSearch } from "minisearch";
export { stemmer } from "stemmer";
