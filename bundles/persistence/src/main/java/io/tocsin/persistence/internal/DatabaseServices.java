package io.tocsin.persistence.internal;

import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseStatus;
import io.tocsin.persistence.api.SchemaState;
import io.tocsin.persistence.internal.PooledDatabase.PoolSizes;
import io.tocsin.persistence.internal.admin.HibernateModel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services on one database, registered by hand: a component's would appear before its schema is ready. */
final class DatabaseServices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseServices.class);

    private final PooledDatabase database;
    private final SchemaUse use;
    private final ServiceRegistration<Database> databaseService;
    private final ServiceRegistration<AdministrativeModel> modelService;
    private final ServiceRegistration<DatabaseStatus> statusService;

    private DatabaseServices(BundleContext context, HibernateModel model, PooledDatabase database, SchemaUse use) {
        this.database = database;
        this.use = use;
        this.databaseService = context.registerService(Database.class, database, null);
        this.statusService = context.registerService(DatabaseStatus.class, database.status(), null);
        this.modelService = context.registerService(AdministrativeModel.class, model, null);
    }

    /**
     * Brings the schema up to date, then registers the services. Those who waited for them start within this call.
     *
     * @param fence which servers may be worked on
     * @param model stays the caller's, who closes it
     */
    static DatabaseServices offer(
            BundleContext context,
            DatabaseAddress address,
            PersistenceSettings settings,
            Fence fence,
            Supplier<HibernateModel> model) {
        String node = Optional.ofNullable(context.getProperty("karaf.name")).orElse("node");
        SchemaState schema = new Schema(address, fence).bringUpToDate(node);
        PoolSizes sizes = new PoolSizes(
                settings.appConnections(),
                settings.engineConnections(),
                Duration.ofSeconds(settings.statementLimitSeconds()));
        HibernateModel made = model.get();
        PooledDatabase database = new PooledDatabase(address, sizes, node, fence, schema);
        LOG.info("database.ready url={}", address.url());
        return new DatabaseServices(context, made, database, new SchemaUse(database, node, schema.knows()));
    }

    /** Completed when this node's release may no longer work on the schema. */
    CompletableFuture<Void> outgrown() {
        return use.outgrown();
    }

    /** Withdraws the services first: nobody new comes while the running transactions end. */
    @Override
    public void close() {
        modelService.unregister();
        databaseService.unregister();
        statusService.unregister();
        use.close();
        database.close();
    }
}
