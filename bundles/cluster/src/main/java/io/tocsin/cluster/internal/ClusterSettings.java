package io.tocsin.cluster.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** {@code etc/io.tocsin.cluster.cfg}. Without an address there is no cluster, and no Hazelcast. */
@ObjectClassDefinition(
        id = ClusterNode.PID,
        name = "Tocsin cluster",
        description = "Which nodes tell each other what is worth a look")
public @interface ClusterSettings {

    @AttributeDefinition(description = "the site this node stands at, one word: two sites keep copies of each other's")
    String site() default "";

    @AttributeDefinition(
            description = "HOST:PORT of this node, where it listens and the others find it: the private tunnel's;"
                    + " empty: no cluster")
    String address() default "";

    @AttributeDefinition(
            description = "HOST:PORT of every node of the cluster, by commas; this one's may be among them")
    String[] members() default {};

    @AttributeDefinition(description = "the cluster's name: nodes of another name are not let in")
    String clusterName() default "tocsin";

    @AttributeDefinition(description = "whether a public address is refused: the wire is neither encrypted nor signed")
    boolean production() default true;

    @AttributeDefinition(description = "whether a public address is taken in production after all")
    boolean allowPublicAddress() default false;

    @AttributeDefinition(description = "how long a member may be silent before it is missing, in seconds")
    int silenceSeconds() default 20;

    @AttributeDefinition(description = "how far clocks may differ from the database's and each other, in seconds")
    int clockSkewSeconds() default 5;
}
