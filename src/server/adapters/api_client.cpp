#include "server/adapters/api_client.hpp"

namespace stator::server {
namespace {

class RouterClient final : public cloudformation::ApiClient {
 public:
  RouterClient(aws::Router& router, aws::Principal principal, std::string_view region)
      : router_(router), principal_(std::move(principal)), region_(region) {}

  Result<json::Object> call(std::string_view service, std::string_view operation,
                            json::Object input) override {
    return router_.call(principal_, region_, service, operation, std::move(input));
  }

 private:
  aws::Router& router_;
  const aws::Principal principal_;
  const std::string region_;
};

}  // namespace

cloudformation::ApiClients api_clients(aws::Router& router) {
  return [&router](const aws::Principal& principal, std::string_view region) {
    return std::make_unique<RouterClient>(router, principal, region);
  };
}

}  // namespace stator::server
