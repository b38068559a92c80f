package io.tocsin.peers.sites;

/** One of the three places of a platform on two sites. */
public enum SiteName {
    A("a", 1),
    B("b", 2),
    /** The third vote: etcd, and nothing else. */
    WITNESS("w", 3);

    private final String word;
    private final int number;

    SiteName(String word, int number) {
        this.word = word;
        this.number = number;
    }

    public String word() {
        return word;
    }

    int number() {
        return number;
    }

    /** Where the other sites find it. */
    public String address() {
        return "10.0." + number + ".1";
    }

    /** The other of the two that hold data. */
    public SiteName peer() {
        return switch (this) {
            case A -> B;
            case B -> A;
            case WITNESS -> throw new IllegalStateException("the witness holds no data");
        };
    }
}
