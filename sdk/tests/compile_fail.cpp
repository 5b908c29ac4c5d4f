// Each CASE is a mistake that the compiler shall name. Without one the file compiles.
#include "model.hpp"

using namespace shop;  // NOLINT: the model under test

struct Bare {
  std::string id{};
};
struct Keyless {
  std::string id{};
};
template <>
inline constexpr auto ddb::schema<Keyless> = table<"t">(version<&Keyless::id>);
struct OddKey {
  std::vector<int> id{};
};
template <>
inline constexpr auto ddb::schema<OddKey> = table<"t">(hash<&OddKey::id>);

void program(const ddb::Table<Order>& orders, const ddb::Table<Counter>& counters) {
  (void)orders.get("c", 7, ddb::consistent);
  (void)counters.update("a", add(count, 1));
#if CASE == 1
  (void)orders.get("c");
#elif CASE == 2
  (void)orders.get(7, "c");
#elif CASE == 3
  (void)(note == 5);
#elif CASE == 4
  (void)orders.update("c", 7, set(customer, "d"));
#elif CASE == 5
  (void)orders.update("c", 7, set(revision, 5));
#elif CASE == 6
  (void)orders.query(number == 5);
#elif CASE == 7
  (void)orders.query(customer == "c" && total > 5);
#elif CASE == 8
  (void)add(note, "x");
#elif CASE == 9
  (void)begins_with(total, "x");
#elif CASE == 10
  (void)(total > 5 && count > 5);
#elif CASE == 11
  (void)ddb::Client().table<Keyless>().get("a");
#elif CASE == 12
  (void)ddb::Client().table<OddKey>().scan();
  (void)ddb::Model<OddKey>::key_size;
#elif CASE == 13
  (void)orders.put({}, ddb::limit(5));
#elif CASE == 14
  (void)orders.update("c", 7, if_(total > 5));
#elif CASE == 15
  (void)ddb::Model<Bare>::key_size;
#elif CASE == 16
  (void)orders.scan(ddb::descending);
#endif
}
