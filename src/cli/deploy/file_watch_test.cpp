#include "cli/deploy/file_watch.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "cli/deploy/test_aws.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::milliseconds kQuiet{5};

class FileWatchTest : public testing::Test {
 protected:
  FileWatchTest() {
    directory_.write("template.yaml", "a");
    directory_.write("get/app.py", "1");
    directory_.write("get/deep/er/lib.py", "1");
    directory_.write("put/app.py", "1");
    directory_.write("other/app.py", "1");
  }
  [[nodiscard]] fs::path at(const char* name) const { return directory_.path() / name; }
  void watch_all() {
    const auto outcome = watch_.watch({at("template.yaml"), at("get"), at("put/")});
    ASSERT_TRUE(outcome) << outcome.error().message;
  }
  std::set<fs::path> changed() {
    const auto changed = watch_.wait(kQuiet);
    EXPECT_TRUE(changed);
    return changed ? *changed : std::set<fs::path>();
  }

  TestDirectory directory_;
  FileWatch watch_;
};

using Paths = std::set<fs::path>;

TEST_F(FileWatchTest, TellsWhichRootChanged) {
  watch_all();
  directory_.write("get/deep/er/lib.py", "2");
  EXPECT_EQ(changed(), Paths{at("get")});
  directory_.write("put/app.py", "2");
  EXPECT_EQ(changed(), Paths{at("put")});
  directory_.write("template.yaml", "b");
  EXPECT_EQ(changed(), Paths{at("template.yaml")});
}

TEST_F(FileWatchTest, SeesFilesThatEditorsReplace) {
  watch_all();
  directory_.write("template.new", "b");
  fs::rename(at("template.new"), at("template.yaml"));
  EXPECT_EQ(changed(), Paths{at("template.yaml")});
  fs::remove(at("get/app.py"));
  EXPECT_EQ(changed(), Paths{at("get")});
}

TEST_F(FileWatchTest, SeesIntoDirectoriesThatCome) {
  watch_all();
  directory_.write("put/new/one.py", "1");
  EXPECT_EQ(changed(), Paths{at("put")});
  directory_.write("put/new/one.py", "2");
  EXPECT_EQ(changed(), Paths{at("put")});
}

TEST_F(FileWatchTest, SeesADirectoryThatIsMadeAnew) {
  watch_all();
  fs::remove_all(at("get"));
  directory_.write("get/app.py", "1");
  EXPECT_EQ(changed(), Paths{at("get")});
  directory_.write("get/app.py", "2");
  EXPECT_EQ(changed(), Paths{at("get")});
}

TEST_F(FileWatchTest, LeavesOutWhatDoesNotCount) {
  watch_all();
  directory_.write("other/app.py", "2");
  directory_.write("get/.app.py.swp", "2");
  directory_.write("get/__pycache__/app.pyc", "2");
  directory_.write("put/app.py", "2");
  EXPECT_EQ(changed(), Paths{at("put")});
}

TEST_F(FileWatchTest, WatchesOtherRootsFromNowOn) {
  watch_all();
  ASSERT_TRUE(watch_.watch({at("other")}));
  directory_.write("get/app.py", "2");
  directory_.write("other/app.py", "2");
  EXPECT_EQ(changed(), Paths{at("other")});
}

TEST_F(FileWatchTest, EndsWhenItIsStopped) {
  watch_all();
  std::thread stopper([this] { watch_.stop(); });
  EXPECT_EQ(changed(), Paths{});
  stopper.join();
  EXPECT_EQ(changed(), Paths{});
}

}  // namespace
}  // namespace stator::cli
