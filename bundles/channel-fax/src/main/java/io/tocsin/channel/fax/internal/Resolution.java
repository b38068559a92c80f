package io.tocsin.channel.fax.internal;

/** The dots of a page (ITU-T T.4): 1,728 across 215 mm, and an A4 page down. */
enum Resolution {
    FINE(196, 2292),
    STANDARD(98, 1146);

    static final int WIDTH = 1728;
    /** Dots per inch across. */
    static final int ACROSS = 204;

    /** Dots per inch down. */
    final int down;

    /** Dots of a page. */
    final int height;

    Resolution(int down, int height) {
        this.down = down;
        this.height = height;
    }

    /** Dots across for a length in points. */
    static double across(double points) {
        return points * ACROSS / 72;
    }

    double down(double points) {
        return points * down / 72;
    }
}
