package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.TargetRef;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What was observed, and what goes with it in the same transaction. Only ever appended; fenced by nothing. */
interface AttemptRows {

    /** Names one group of one appender, so that a commit whose answer was lost can be asked for. Numbers only grow. */
    record Mark(UUID appender, long number) {}

    /** One observation. @param accountId null: not known @param carrierId null: none */
    record Row(
            TargetRef target,
            int segment,
            int segments,
            String kind,
            String code,
            Integer accountId,
            String carrierId,
            Instant at) {}

    /** A decision that will be due about a target. */
    record Later(TargetRef target, String kind, String code, Moment due) {}

    /** So many observations more of a kind. @param messages of how many messages: parts of one are observed one by one */
    record Counted(int tenantId, long alertId, int waveNo, String kind, long more, long messages) {}

    /** Begins a group: its mark is committed with it. */
    void begin(Mark mark) throws SQLException;

    /** Whether the latest group committed by its appender is this one; waits for one that is being committed. */
    boolean committed(Mark mark) throws SQLException;

    /** Appends observations; those accepted under a carrier's id can be found by it from then on. */
    void append(List<Row> rows, String node) throws SQLException;

    /** Lets these be found by the carrier's id from now on, as {@link #append} does for those accepted. */
    void refer(List<Row> named) throws SQLException;

    /** Together with others, but as soon as asked where the step would be over before they come together. */
    void decideLater(List<Later> decisions) throws SQLException;

    /** Adds to the node's counts. Always in the same order, so that two transactions never wait for each other. */
    void count(List<Counted> counts, String node) throws SQLException;

    /** Keeps by name and reason what the ledger refused. @param target null: of nobody known */
    void setAside(TargetRef target, Integer accountId, String kind, String reason, Instant at) throws SQLException;
}
