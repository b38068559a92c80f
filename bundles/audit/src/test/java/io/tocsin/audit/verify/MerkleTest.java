package io.tocsin.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MerkleTest {

    /** The vectors that Certificate Transparency implementations share. */
    @Test
    void isTheTreeOfRfc6962() {
        Merkle tree = new Merkle();
        for (String leaf : List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657")) {
            tree.add(HexFormat.of().parseHex(leaf));
        }
        assertThat(tree.root()).isEqualTo("ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c");
        assertThat(new Merkle().root()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1023, 1024, 1025, 2048, 3000, 5000})
    void hasTheSameRootInBlocksAsWhole(int records) {
        Merkle tree = new Merkle();
        List<byte[]> leaves = IntStream.range(0, records)
                .mapToObj(i -> ("record " + i).getBytes(StandardCharsets.UTF_8))
                .peek(tree::add)
                .toList();

        assertThat(tree.root()).isEqualTo(HexFormat.of().formatHex(root(leaves)));
        assertThat(tree.blocks()).hasSize((records + 1023) / 1024);
    }

    /** As section 2.1 defines it, by recursion. */
    private static byte[] root(List<byte[]> leaves) {
        MessageDigest digest = EntryHash.sha256();
        if (leaves.size() == 1) {
            digest.update((byte) 0);
            return digest.digest(leaves.get(0));
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        byte[] left = root(leaves.subList(0, split));
        byte[] right = root(leaves.subList(split, leaves.size()));
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }
}
