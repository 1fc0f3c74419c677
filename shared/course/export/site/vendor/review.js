// The part of the library that plans when a question is asked again.
export { Rating, createEmptyCard, fsrs } from "ts-fsrs";
