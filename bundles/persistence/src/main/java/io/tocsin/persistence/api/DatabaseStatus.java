package io.tocsin.persistence.api;

import org.osgi.annotation.versioning.ProviderType;

/** What this node knows of the server its data are on: which one it is, whether it may be used, who follows it. */
@ProviderType
public interface DatabaseStatus {

    /** The last look, a second old or so; never blocks, never throws. Callable from any thread. */
    DatabaseState state();

    /** Up to which step this node's release knows the schema, and what of it waits; as found when the node came. Never blocks. */
    SchemaState schema();
}
