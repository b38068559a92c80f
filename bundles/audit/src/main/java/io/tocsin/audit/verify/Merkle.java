package io.tocsin.audit.verify;

import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/**
 * The Merkle tree hash of RFC 6962 section 2.1 (SHA-256) over records as they stream by, with the roots of its blocks of
 * {@value #BLOCK} records: they are nodes of the same tree, and tell which block of a large part was touched.
 */
public final class Merkle {
    public static final int BLOCK = 1024;

    private final MessageDigest digest = EntryHash.sha256();
    private final Fold block = new Fold();
    private final Fold top = new Fold();
    private final List<String> blocks = new ArrayList<>();
    private long records;

    public void add(byte[] record) {
        digest.update((byte) 0);
        block.add(digest.digest(record));
        if (++records % BLOCK == 0) {
            closeBlock();
        }
    }

    public long records() {
        return records;
    }

    /** The roots of the blocks closed so far, in hex; all of them after {@link #root}. */
    public List<String> blocks() {
        return List.copyOf(blocks);
    }

    /** The root in hex. Nothing may be added after. */
    public String root() {
        if (!block.empty()) {
            closeBlock();
        }
        return HexFormat.of().formatHex(top.empty() ? EntryHash.sha256().digest() : top.root());
    }

    private void closeBlock() {
        byte[] root = block.root();
        block.clear();
        blocks.add(HexFormat.of().formatHex(root));
        top.add(root);
    }

    /** Complete subtrees of falling height, merged as soon as two are equal. */
    private final class Fold {
        private final Deque<Node> nodes = new ArrayDeque<>();

        void add(byte[] hash) {
            Node node = new Node(0, hash);
            while (!nodes.isEmpty() && nodes.peek().height() == node.height()) {
                node = new Node(node.height() + 1, join(nodes.pop().hash(), node.hash()));
            }
            nodes.push(node);
        }

        byte[] root() {
            Iterator<Node> smallestFirst = nodes.iterator();
            byte[] root = smallestFirst.next().hash();
            while (smallestFirst.hasNext()) {
                root = join(smallestFirst.next().hash(), root);
            }
            return root;
        }

        boolean empty() {
            return nodes.isEmpty();
        }

        void clear() {
            nodes.clear();
        }
    }

    private record Node(int height, byte[] hash) {}

    private byte[] join(byte[] left, byte[] right) {
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }
}
