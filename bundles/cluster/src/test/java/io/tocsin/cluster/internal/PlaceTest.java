package io.tocsin.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which settings are a place in a cluster, and what is said of those that are not. */
class PlaceTest {

    @Test
    void noSettingsAreNoCluster() {
        assertThat(Place.of(SettingsOf.cluster(Map.of()))).isEqualTo(Optional.empty());
    }

    @Test
    void aPlaceKnowsTheOthers() {
        Place place = Place.of(SettingsOf.cluster(Map.of(
                        "site", "lyon",
                        "address", "127.0.0.1:5701",
                        "members", new String[] {"127.0.0.1:5701, 127.0.0.1:5702 ,localhost:5703"})))
                .orElseThrow();

        assertThat(place.own()).isEqualTo(new Endpoint("127.0.0.1", 5701));
        assertThat(place.bind()).isEqualTo(place.own());
        assertThat(place.others()).isEqualTo(Set.of(new Endpoint("127.0.0.1", 5702), new Endpoint("127.0.0.1", 5703)));
        assertThat(place.cluster()).isEqualTo("tocsin");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.0.0.0:5701 | lyon | tocsin | would listen to every network",
                "[::]:5701 | lyon | tocsin | would listen to every network",
                "224.2.2.3:5701 | lyon | tocsin | is a group's",
                "192.0.2.7:5701 | lyon | tocsin | is public, and the wire is neither encrypted nor signed",
                "10.255.254.253:5701 | lyon | tocsin | is no address of this machine",
                "127.0.0.1 | lyon | tocsin | is no HOST:PORT",
                "127.0.0.1:70000 | lyon | tocsin | is no HOST:PORT",
                "127.0.0.1:x | lyon | tocsin | is no HOST:PORT",
                "127.0.0.1:5701 | '' | tocsin | write the word of the site",
                "127.0.0.1:5701 | lyon | a b | is no name",
                "no-such-host.invalid:5701 | lyon | tocsin | has no address",
            })
    void whatIsNoPlaceIsRefusedWithTheReason(String address, String site, String cluster, String reason) {
        assertThatThrownBy(() ->
                        Place.of(SettingsOf.cluster(Map.of("address", address, "site", site, "clusterName", cluster))))
                .isInstanceOf(ClusterRefusedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aPublicAddressIsTakenWhereSomebodyAnswersForIt() {
        // The address is none of this machine's: what is refused then is that, and no longer that it is public.
        assertThatThrownBy(() -> Place.of(SettingsOf.cluster(
                        Map.of("address", "192.0.2.7:5701", "site", "lyon", "allowPublicAddress", true))))
                .hasMessageContaining("is no address of this machine");
        assertThatThrownBy(() -> Place.of(
                        SettingsOf.cluster(Map.of("address", "192.0.2.7:5701", "site", "lyon", "production", false))))
                .hasMessageContaining("is no address of this machine");
    }

    @Test
    void membersWithoutAnAddressOfOnesOwnAreRefused() {
        assertThatThrownBy(() -> Place.of(SettingsOf.cluster(Map.of("members", new String[] {"127.0.0.1:5701"}))))
                .isInstanceOf(ClusterRefusedException.class)
                .hasMessageContaining("write this node's own HOST:PORT as address");
    }
}
