package io.tocsin.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.cluster.api.ClusterStatus.State;
import io.tocsin.cluster.api.Condition.Code;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a missing member is called. */
class StandingTest {
    private static final Endpoint NORTH = Places.at(5701);
    private static final Endpoint SOUTH = Places.at(5702);
    private static final Place PLACE = Places.place("lyon", NORTH, SOUTH);

    @Test
    void everybodyThereIsWhole() {
        Standing standing = Standing.among(PLACE, Set.of(SOUTH), Optional.empty(), "", "an earlier refusal");
        assertThat(standing.state()).isEqualTo(State.WHOLE);
        assertThat(standing.code()).isEmpty();
    }

    @Test
    void whoLivesAsTheDatabaseKnowsIsCutOff() {
        Standing standing =
                Standing.among(PLACE, Set.of(), Optional.of(Set.of("127.0.0.1:5701", "127.0.0.1:5702")), "", "");
        assertThat(standing.state()).isEqualTo(State.SPLIT);
        assertThat(standing.detail()).contains("127.0.0.1:5702", "tunnel");
        assertThat(standing.code()).contains(Code.CLUSTER_SPLIT);
    }

    @Test
    void whoGivesNoSignOfLifeIsGone() {
        Standing standing = Standing.among(PLACE, Set.of(), Optional.of(Set.of("127.0.0.1:5701")), "", "");
        assertThat(standing.state()).isEqualTo(State.INCOMPLETE);
        assertThat(standing.code()).contains(Code.CLUSTER_INCOMPLETE);
    }

    @Test
    void withoutTheDatabaseNobodyCanSay() {
        Standing standing = Standing.among(PLACE, Set.of(), Optional.empty(), "", "");
        assertThat(standing.state()).isEqualTo(State.SPLIT);
        assertThat(standing.detail()).contains("the database cannot be asked");
    }

    @Test
    void whoWasNotLetInSaysWhy() {
        Standing standing = Standing.among(PLACE, Set.of(), Optional.of(Set.of()), "", "another cluster's name");
        assertThat(standing.state()).isEqualTo(State.REFUSED);
        assertThat(standing.detail()).isEqualTo("another cluster's name");
    }

    @Test
    void strangersAreNamed() {
        Standing standing =
                Standing.among(PLACE, Set.of(), Optional.of(Set.of()), "127.0.0.1:5702 speaks protocol 9", "");
        assertThat(standing.state()).isEqualTo(State.REFUSED);
        assertThat(standing.detail()).contains("127.0.0.1:5702 speaks protocol 9", "not listened to");
    }
}
