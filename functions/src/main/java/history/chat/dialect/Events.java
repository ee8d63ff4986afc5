package history.chat.dialect;

import history.chat.turn.Outcome;
import history.chat.turn.Turn;

/** What a client is told about a turn, in the events of its dialect. */
interface Events {
    void start(Turn turn);

    void delta(String text);

    void completed(Turn turn, Outcome.Completed completed);

    void failed(Turn turn, Outcome.Failed failed);
}
