package io.tocsin.audit.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of audit, PID {@code io.tocsin.audit}. */
@ObjectClassDefinition(name = "Tocsin audit", description = "Evidence packages")
public @interface AuditSettings {
    String PID = "io.tocsin.audit";

    @AttributeDefinition(
            name = "Key folder",
            description = "Folder of the key that signs evidence, made at first use, readable by the node's user only;"
                    + " empty: keys in the node's data folder. Point every node to a copy of the same to sign alike")
    String keyFolder() default "";

    @AttributeDefinition(
            name = "Work folder",
            description = "Where packages are put together before they leave; empty: the system's temporary folder")
    String workFolder() default "";
}
