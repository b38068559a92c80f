package io.tocsin.portal.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the portal, in {@code etc/io.tocsin.portal.cfg}. Whoever opens the page can read them: no secret belongs here. */
@ObjectClassDefinition(id = "io.tocsin.portal", name = "Tocsin portal")
public @interface PortalSettings {

    @AttributeDefinition(
            description =
                    "Where maps take their tiles from: https://HOST/…/{z}/{x}/{y}.png, or a path of this door; empty: none,"
                            + " and nothing is asked of another host")
    String map_tiles() default "";

    @AttributeDefinition(description = "What the source of the tiles asks to be said of it, below each map")
    String map_attribution() default "";

    @AttributeDefinition(description = "Closest zoom that the source has tiles for, 0 to 22")
    int map_max_zoom() default 19;
}
