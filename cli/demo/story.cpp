#include "cli/demo/story.h"
