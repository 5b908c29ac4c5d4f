#include "dynamodb/recovery/resource.hpp"

#include <cmath>

#include "aws/arn.hpp"
#include "base/ids.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/table_operation.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb::recovery {

namespace {

constexpr std::size_t kTimeDigits = 14;
constexpr std::size_t kRandomDigits = 8;
/// The year 9999: what lies beyond is no time that anybody means.
constexpr double kSecondsMax = 253'402'300'799.0;

storage::Range records_range(const TableRef& table, std::string_view kind) {
  if (table.account.empty()) return {};
  if (table.name.empty()) {
    return storage::prefix_range(
        storage::path_key({table.account, table.region, "dynamodb", kind}));
  }
  return storage::prefix_range(
      storage::path_key({table.account, table.region, "dynamodb", kind, table.name}));
}

}  // namespace

std::string Resource::arn() const {
  return table.arn() + "/" + kind + "/" + id;
}

std::string Resource::record_key() const {
  return storage::path_key({table.account, table.region, "dynamodb", kind, table.name, id});
}

std::optional<Resource> parse_resource(std::string_view arn, std::string_view kind) {
  const auto parsed = aws::Arn::parse(arn);
  if (!parsed || parsed->service != "dynamodb") return std::nullopt;
  std::string_view rest = parsed->resource;
  constexpr std::string_view kTable = "table/";
  if (!rest.starts_with(kTable)) return std::nullopt;
  rest.remove_prefix(kTable.size());
  const std::string middle = "/" + std::string(kind) + "/";
  const std::size_t at = rest.find(middle);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const std::string_view id = rest.substr(at + middle.size());
  if (id.empty() || id.find('/') != std::string_view::npos) return std::nullopt;
  return Resource{{parsed->account, parsed->region, std::string(rest.substr(0, at))},
                  std::string(kind),
                  std::string(id)};
}

Result<void> for_each_record(
    const storage::Store& store, const TableRef& table, std::string_view kind,
    const std::function<Result<void>(const Resource&, std::string_view)>& visit) {
  const auto records = store.iterate(storage::Family::kMeta, records_range(table, kind));
  for (records->seek_first(); records->valid();) {
    const auto parts = storage::split_path_key(records->key());
    const std::size_t count = parts ? parts->size() : 0;
    if (count < 3) {
      records->next();
      continue;
    }
    // Other rooms may have millions of records: what lies between is skipped, not read.
    const std::pair<std::string_view, std::string_view> wanted("dynamodb", kind);
    const std::string_view third = count > 3 ? std::string_view((*parts)[3]) : std::string_view();
    const std::pair<std::string_view, std::string_view> found((*parts)[2], third);
    if (found < wanted) {
      records->seek(storage::path_key({(*parts)[0], (*parts)[1], "dynamodb", kind}));
      continue;
    }
    if (found > wanted) {
      records->seek(after_prefix(storage::path_key({(*parts)[0], (*parts)[1]})));
      continue;
    }
    if (count == 6) {
      const Resource resource{
          {(*parts)[0], (*parts)[1], (*parts)[4]}, std::string(kind), (*parts)[5]};
      STATOR_TRY_VOID(visit(resource, records->value()));
    }
    records->next();
  }
  return records->status();
}

std::string make_resource_id(WallTime now, Random& random) {
  std::string digits = std::to_string(epoch_ms(now));
  if (digits.size() < kTimeDigits) digits.insert(0, kTimeDigits - digits.size(), '0');
  return digits + "-" + random_text(random, "0123456789abcdef", kRandomDigits);
}

aws::Operation resource_operation(ResourceOperation operation,
                                  std::function<Result<json::Object>(const Resource&)> handle) {
  const auto read = [operation](const aws::Input& input) -> Result<Resource> {
    STATOR_TRY(const auto arn, input.required_text(operation.arn_member));
    auto resource = parse_resource(arn, operation.kind);
    if (!resource) return validation("Invalid " + operation.arn_member + ": " + arn);
    return std::move(*resource);
  };
  return modelled_operation(
      operation.name,
      [read, name = operation.name](const aws::Call&,
                                    const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto resource, read(input));
        return aws::Needs{{"dynamodb:" + name, resource.arn()}};
      },
      [read, operation, handle = std::move(handle)](
          aws::Call&, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto resource, read(input));
        return handle(resource);
      });
}

Result<std::optional<WallTime>> read_time(const aws::Input& input, std::string_view member) {
  const json::Value* value = json::find(input.members(), member);
  if (value == nullptr || value->is_null()) return std::optional<WallTime>();
  boost::system::error_code error;
  const double seconds = value->to_number<double>(error);
  if (error) return serialization("Unexpected field type");
  if (!(seconds >= 0) || seconds > kSecondsMax) {
    return validation("Invalid timestamp in " + std::string(member));
  }
  return std::optional(from_epoch_ms(std::llround(seconds * 1000.0)));
}

double epoch_seconds(WallTime time) {
  return static_cast<double>(epoch_ms(time)) / 1000.0;
}

}  // namespace stator::dynamodb::recovery
