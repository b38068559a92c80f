package io.tocsin.deployment.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of admission, PID {@code io.tocsin.deployment}. */
@ObjectClassDefinition(name = "Tocsin deployment")
public @interface DeploymentSettings {

    @AttributeDefinition(
            description = "development, or production: then only bundles that a trusted certificate has signed resolve")
    String mode() default "development";

    @AttributeDefinition(
            description = "Folder of the trusted certificates, PEM or DER; relative to the node's folder or absolute")
    String trusted() default "etc/trusted";
}
