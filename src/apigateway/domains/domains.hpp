#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "apigateway/apis.hpp"
#include "apigateway/domains/domain_table.hpp"
#include "apigateway/domains/truststore.hpp"

namespace stator::apigateway {

/// A domain name as it is kept.
struct DomainRecord {
  json::Object record;             ///< as the API answers with it
  std::string client_authorities;  ///< PEM of its truststore as it was read last, or ""
};

/// The state of custom domain names and their API mappings: records on disk, and for requests a
/// table in memory. A name is one account's and one region's alone, since requests say nothing but
/// the name. Any thread; changes take turns.
class Domains {
 public:
  /// All outlive it. Keeps `apis` from removing what is mapped.
  Domains(storage::Store& store, Random& random, Apis& apis, TruststoreReader& truststores);
  ~Domains();
  Domains(const Domains&) = delete;

  /// What a location in S3 holds now, for the caller's account; read_truststore() says the errors.
  [[nodiscard]] Result<Truststore> truststore(const aws::Call& call,
                                              const S3Location& location) const;

  /// `record` has its domainName, and one configuration that gets its apiGatewayDomainName here.
  /// ConflictException for a name that is taken, also by a wildcard of
  /// another account; TooManyRequestsException above AWS's quota.
  [[nodiscard]] Result<json::Object> create(const aws::Call& call, DomainRecord domain);
  [[nodiscard]] Result<json::Object> get(const aws::Call& call, std::string_view name) const;
  [[nodiscard]] Result<std::vector<json::Object>> list(const aws::Call& call) const;
  using Change = std::function<Result<void>(DomainRecord& domain)>;
  [[nodiscard]] Result<json::Object> update(const aws::Call& call, const std::string& name,
                                            const Change& change);
  /// Its mappings go with it.
  [[nodiscard]] Result<void> remove(const aws::Call& call, const std::string& name);

  /// A mapping gets its id here. Its API and stage must be there and its key free.
  [[nodiscard]] Result<json::Object> create_mapping(const aws::Call& call,
                                                    const std::string& domain, json::Object record);
  [[nodiscard]] Result<json::Object> get_mapping(const aws::Call& call, std::string_view domain,
                                                 std::string_view id) const;
  [[nodiscard]] Result<std::vector<json::Object>> list_mappings(const aws::Call& call,
                                                                std::string_view domain) const;
  /// Replaces the members of the mapping that `changes` has.
  [[nodiscard]] Result<json::Object> update_mapping(const aws::Call& call,
                                                    const std::string& domain,
                                                    const std::string& id,
                                                    const json::Object& changes);
  [[nodiscard]] Result<void> remove_mapping(const aws::Call& call, const std::string& domain,
                                            const std::string& id);

  /// The domain that serves a Host (as the header has it) or a name; null when none does. Costs
  /// next to nothing while there is no domain at all.
  [[nodiscard]] CompiledDomainPtr find(std::string_view host) const;

 private:
  [[nodiscard]] Result<void> require(const Scope& scope, std::string_view name) const;
  [[nodiscard]] Result<void> check_mapping(const aws::Call& call, const std::string& domain,
                                           const json::Object& record) const;
  [[nodiscard]] Result<void> check_free(const Scope& scope, const std::string& name) const;
  [[nodiscard]] Result<void> store_mapping(const aws::Call& call, const std::string& domain,
                                           const json::Object& record);
  [[nodiscard]] Result<void> check_removal(Kind kind, const RecordId& id) const;
  [[nodiscard]] Result<std::vector<json::Object>> records_below(const std::string& prefix) const;
  /// Reads the domain's records and swaps in what requests will see.
  [[nodiscard]] Result<void> compile(const Scope& scope, const std::string& name);
  void load_all();

  storage::Store& store_;
  Random& random_;
  Apis& apis_;
  TruststoreReader& truststores_;
  std::mutex changing_;
  mutable std::shared_mutex table_mutex_;
  DomainTable table_;
  std::atomic<bool> has_any_ = false;
};

}  // namespace stator::apigateway
