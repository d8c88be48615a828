import Testing
import Training

struct RecipeTests {
}
