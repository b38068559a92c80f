package io.tocsin.persistence.internal;

import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.internal.PooledDatabase.PoolSizes;
import io.tocsin.persistence.internal.admin.HibernateModel;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services on one database, registered by hand: a component's would appear before its schema is ready. */
final class DatabaseServices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseServices.class);

    private final HibernateModel model;
    private final PooledDatabase database;
    private final ServiceRegistration<Database> databaseService;
    private final ServiceRegistration<AdministrativeModel> modelService;

    private DatabaseServices(BundleContext context, HibernateModel model, PooledDatabase database) {
        this.model = model;
        this.database = database;
        this.databaseService = context.registerService(Database.class, database, null);
        this.modelService = context.registerService(AdministrativeModel.class, model, null);
    }

    /** Brings the schema up to date, then registers the services. */
    static DatabaseServices offer(BundleContext context, DatabaseAddress address, PersistenceSettings settings) {
        new Schema(address).bringUpToDate();
        PoolSizes sizes = new PoolSizes(
                settings.appConnections(),
                settings.engineConnections(),
                Duration.ofSeconds(settings.statementLimitSeconds()));
        String node = Optional.ofNullable(context.getProperty("karaf.name")).orElse("node");
        HibernateModel model = new HibernateModel(Clock.systemUTC());
        DatabaseServices services = new DatabaseServices(context, model, new PooledDatabase(address, sizes, node));
        LOG.info("database.ready url={}", address.url());
        return services;
    }

    /** Withdraws the services first: nobody new comes while the running transactions end. */
    @Override
    public void close() {
        modelService.unregister();
        databaseService.unregister();
        database.close();
        model.close();
    }
}
