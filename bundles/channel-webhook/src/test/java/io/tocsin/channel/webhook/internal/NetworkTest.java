package io.tocsin.channel.webhook.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        // address,            public, site,  node
        "9.9.9.9,              true,   true,  true",
        "172.32.0.1,           true,   true,  true",
        "100.128.0.1,          true,   true,  true",
        "2620:fe::fe,          true,   true,  true",
        "10.1.2.3,             false,  true,  true",
        "172.16.0.1,           false,  true,  true",
        "172.31.255.255,       false,  true,  true",
        "192.168.1.1,          false,  true,  true",
        "100.64.0.1,           false,  true,  true",
        "198.19.0.1,           false,  true,  true",
        "fd00::1,              false,  true,  true",
        "fec0::1,              false,  true,  true",
        "64:ff9b::a00:1,       false,  true,  true",
        "2002:a00:1::1,        false,  true,  true",
        "2001:0:1::1,          false,  true,  true",
        "127.0.0.1,            false,  false, true",
        "127.9.9.9,            false,  false, true",
        "169.254.169.254,      false,  false, true",
        "::1,                  false,  false, true",
        "::ffff:127.0.0.1,     false,  false, true",
        "fe80::1,              false,  false, true",
        "0.0.0.0,              false,  false, false",
        "0.1.2.3,              false,  false, false",
        "::,                   false,  false, false",
        "224.0.0.1,            false,  false, false",
        "ff02::1,              false,  false, false",
        "255.255.255.255,      false,  false, false",
    })
    void nearnessIsKept(String address, boolean everyone, boolean site, boolean node) throws Exception {
        InetAddress literal = InetAddress.getByName(address);
        assertThat(Network.PUBLIC.permits(literal)).isEqualTo(everyone);
        assertThat(Network.SITE.permits(literal)).isEqualTo(site);
        assertThat(Network.NODE.permits(literal)).isEqualTo(node);
    }
}
