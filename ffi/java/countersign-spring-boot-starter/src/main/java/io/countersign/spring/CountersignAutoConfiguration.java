package io.countersign.spring;

import io.countersign.Engine;
import io.countersign.SealingKey;
import io.countersign.jdbc.PostgresStore;
import io.countersign.servlet.ApiFamily;
import io.countersign.servlet.ApiFilter;
import io.countersign.servlet.GuardFilter;
import io.countersign.store.AsyncStore;
import io.countersign.store.Store;
import java.sql.SQLException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** An engine, the APIs it serves, and the protection of annotated routes. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration"
    })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(CountersignProperties.class)
public class CountersignAutoConfiguration {
  /** Before the filters of applications, behind those of the server. */
  private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 1_000;

  /** The engine, unless the application has one of its own. */
  @Bean
  @ConditionalOnMissingBean
  Engine countersignEngine(
      CountersignProperties properties,
      ObjectProvider<DataSource> database,
      ObjectProvider<Store> store,
      ObjectProvider<AsyncStore> asyncStore)
      throws SQLException {
    if (properties.getSealingKey() == null) throw new IllegalStateException("countersign.sealing-key is missing");
    byte[] key = Base64.getDecoder().decode(properties.getSealingKey());
    Engine.Builder builder = Engine.builder(new SealingKey(properties.getSealingKeyId(), key));
    switch (properties.getStore()) {
      case MEMORY -> builder.memory();
      case SQLITE -> {
        if (properties.getSqliteFile() == null) throw new IllegalStateException("countersign.sqlite-file is missing");
        builder.sqlite(properties.getSqliteFile());
      }
      case JDBC -> builder.store(Jdbc.store(database.getObject(), properties.isMigrate()));
      case BEAN -> {
        Store blocking = store.getIfAvailable();
        if (blocking != null) builder.store(blocking);
        else builder.store(asyncStore.getObject());
      }
    }
    if (properties.isOpen()) builder.open();
    return builder.build();
  }

  /** Apart, because the module may be absent. */
  private static final class Jdbc {
    static Store store(DataSource database, boolean migrate) throws SQLException {
      PostgresStore store = new PostgresStore(database);
      if (migrate) store.migrate();
      return store;
    }
  }

  @Bean
  FilterRegistrationBean<ApiFilter> countersignApis(Engine engine, CountersignProperties properties) {
    EnumSet<ApiFamily> forBackEnds = EnumSet.of(ApiFamily.SERVER, ApiFamily.CLOUD, ApiFamily.ADMIN);
    forBackEnds.retainAll(properties.getApis());
    if (properties.isOpen() && !forBackEnds.isEmpty()) {
      throw new IllegalStateException("countersign.open and " + forBackEnds + " in countersign.apis: anybody could call them");
    }
    ApiFilter filter = new ApiFilter(engine, properties.getPrefix(), properties.getApis());
    FilterRegistrationBean<ApiFilter> registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(ORDER);
    return registration;
  }

  @Bean
  AnnotatedRoutes countersignRoutes(@Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mapping) {
    return new AnnotatedRoutes(mapping::getObject);
  }

  @Bean
  FilterRegistrationBean<GuardFilter> countersignGuards(Engine engine, AnnotatedRoutes routes) {
    FilterRegistrationBean<GuardFilter> registration = new FilterRegistrationBean<>(new GuardFilter(engine, routes));
    registration.setOrder(ORDER + 1);
    return registration;
  }

  @Bean
  WebMvcConfigurer countersignWeb(AnnotatedRoutes routes) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(routes).order(Ordered.HIGHEST_PRECEDENCE);
      }

      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(routes);
      }
    };
  }
}
