#include "core/hazard_pointer.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/barrier.h"
#include "tests/seed.h"

namespace irqd {
namespace {

std::atomic<int> alive{0};

struct Object : Retirable {
  static constexpr uint64_t kMagic = 0x600d600d600d600d;
  Object() : Retirable([](Retirable* self) { delete static_cast<Object*>(self); }) { ++alive; }
  ~Object() {
    magic = 0;
    --alive;
  }
  uint64_t magic = kMagic;
};

// Retires as many objects as make the calling thread look for what can be freed.
void RetireEnoughForAScan() {
  for (unsigned i = 0; i < kRetireThreshold; ++i) Retire(new Object);
}

// Something to wait for.
class Event {
 public:
  void Set() {
    std::lock_guard<std::mutex> lock(mutex_);
    set_ = true;
    changed_.notify_all();
  }
  void Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return set_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

// All tests run in threads of their own, so that a test's end is a thread's end.
void InThread(const std::function<void()>& body) { std::thread(body).join(); }

// More threads than any test has at once.
constexpr int kThreads = 10;

// Frees what ended threads have left: so many at once take over every record there is.
void FreeWhatIsLeft() {
  Barrier all_have_records(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      HazardPointer first_use;
      first_use.Protect(nullptr);
      all_have_records.Wait();
    });
  }
  for (std::thread& thread : threads) thread.join();
}

class HazardPointerTest : public testing::Test {
 protected:
  HazardPointerTest() { FreeWhatIsLeft(); }
};

TEST_F(HazardPointerTest, ProtectedObjectOutlivesItsRetirement) {
  InThread([] {
    bool destroyed = false;
    struct Watched : Retirable {
      explicit Watched(bool* flag)
          : Retirable([](Retirable* self) {
              auto* watched = static_cast<Watched*>(self);
              *watched->destroyed = true;
              delete watched;
            }),
            destroyed(flag) {}
      bool* destroyed;
    };
    auto* object = new Watched(&destroyed);
    HazardPointer hazard;
    hazard.Protect(object);

    Retire(object);
    RetireEnoughForAScan();
    RetireEnoughForAScan();
    EXPECT_FALSE(destroyed);

    hazard.Release();
    RetireEnoughForAScan();
    RetireEnoughForAScan();
    EXPECT_TRUE(destroyed);
  });
}

TEST_F(HazardPointerTest, ProtectingAnotherLetsGoOfTheFirst) {
  InThread([] {
    const int before = alive;
    auto* first = new Object;
    auto second = std::make_unique<Object>();
    HazardPointer hazard;
    hazard.Protect(first);
    Retire(first);

    hazard.Protect(second.get());
    for (unsigned i = 0; i < 2 * kRetireThreshold; ++i) Retire(new Object);

    EXPECT_LE(alive, before + 1 + static_cast<int>(kRetireThreshold));
    hazard.Release();
  });
}

TEST_F(HazardPointerTest, EachOfAThreadsPointersProtects) {
  InThread([] {
    std::vector<Object*> objects;
    std::vector<std::unique_ptr<HazardPointer>> hazards;
    for (unsigned i = 0; i < kHazardPointersPerThread; ++i) {
      objects.push_back(new Object);
      hazards.push_back(std::make_unique<HazardPointer>());
      hazards.back()->Protect(objects.back());
      Retire(objects.back());
    }

    RetireEnoughForAScan();
    RetireEnoughForAScan();

    for (const Object* object : objects) EXPECT_EQ(object->magic, Object::kMagic);
  });
}

TEST_F(HazardPointerTest, PointersAreGivenBack) {
  InThread([] {
    for (int i = 0; i < 100; ++i) {
      HazardPointer a, b, c, d;
      for (HazardPointer* other : {&a, &b, &c}) other->Protect(nullptr);
      Object* object = new Object;
      d.Protect(object);
      Retire(object);
    }
  });
}

TEST_F(HazardPointerTest, StalledReaderHoldsBackNoMoreThanTheBound) {
  const int before = alive;
  Event protecting, go_on;
  auto* held = new Object;
  std::thread reader([&] {
    HazardPointer hazard;
    hazard.Protect(held);
    protecting.Set();
    go_on.Wait();  // stopped in the middle, as far as everybody else can tell
    EXPECT_EQ(held->magic, Object::kMagic);
  });
  protecting.Wait();

  InThread([&] {
    Retire(held);
    const int bound = MaxHeldBack(kThreads + 1);
    for (int i = 0; i < 10000; ++i) {
      Retire(new Object);
      ASSERT_LE(alive - before, bound) << "after " << i;
    }
  });

  go_on.Set();
  reader.join();
}

TEST_F(HazardPointerTest, FreeRetiredFreesWhatNobodyReads) {
  InThread([] {
    const int before = alive;
    auto* held = new Object;
    HazardPointer hazard;
    hazard.Protect(held);
    Retire(held);
    Retire(new Object);

    FreeRetired();
    EXPECT_EQ(alive, before + 1);

    hazard.Release();
    FreeRetired();
    EXPECT_EQ(alive, before);
  });
}

TEST_F(HazardPointerTest, ThreadThatEndsFreesWhatNobodyReads) {
  const int before = alive;

  InThread([] {
    for (unsigned i = 0; i < kRetireThreshold / 2; ++i) Retire(new Object);
  });

  EXPECT_EQ(alive, before);
}

TEST_F(HazardPointerTest, NextThreadTakesOverWhatAnEndedOneLeft) {
  const int before = alive;
  Event protecting, go_on;
  auto* held = new Object;
  std::thread reader([&] {
    HazardPointer hazard;
    hazard.Protect(held);
    protecting.Set();
    go_on.Wait();
  });
  protecting.Wait();
  InThread([&] { Retire(held); });
  EXPECT_EQ(alive, before + 1);

  go_on.Set();
  reader.join();
  FreeWhatIsLeft();

  EXPECT_EQ(alive, before);
}

// Readers follow a pointer that a writer keeps replacing. The sanitizers watch the accesses.
TEST_F(HazardPointerTest, ReadersNeverSeeAFreedObject) {
  const int before = alive;
  const uint64_t seed = TestSeed();
  std::atomic<Object*> current{new Object};
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      HazardPointer hazard;
      while (!done) {
        Object* object = current.load();
        hazard.Protect(object);
        if (current.load() != object) continue;
        ASSERT_EQ(object->magic, Object::kMagic);
      }
    });
  }
  std::vector<std::thread> writers;
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&, i] {
      Random random(seed + i);
      for (int n = 0; n < 8000; ++n) {
        Retire(current.exchange(new Object));
        if (Below(64, random) == 0) std::this_thread::yield();
      }
    });
  }

  for (std::thread& writer : writers) writer.join();
  done = true;
  for (std::thread& reader : readers) reader.join();
  delete current.load();
  FreeWhatIsLeft();

  EXPECT_EQ(alive, before);
}

}  // namespace
}  // namespace irqd
